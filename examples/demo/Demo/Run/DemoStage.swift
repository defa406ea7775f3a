import Foundation
import HTTPTransport
import Processes

/// What every step of a run needs.
struct DemoStage: Sendable {
    let options: DemoOptions
    let commands: DemoCommands
    let plan: DemoPlan
    let text: DemoText
    let processes: DemoProcesses
    let http: HTTPClient
    let client: DemoClient
    let signals = DemoSignals()

    var console: Console { options.console }

    /// Finds the programs, makes the directory, picks the ports; starts nothing but the guard of the processes.
    static func prepare(_ options: DemoOptions) throws -> DemoStage {
        guard let prometheus = options.prometheus ?? Executables.find("prometheus", in: options.environment) else {
            throw DemoFailure("Prometheus is not installed. Run scripts/setup, or: apt-get install prometheus")
        }
        guard let shop = options.shop ?? Executables.this else {
            throw DemoFailure("The path of this program could not be found in /proc/self/exe.")
        }
        let executable =
            options.executable
            ?? URL(fileURLWithPath: shop).deletingLastPathComponent().appendingPathComponent("assay").path
        for path in [prometheus, executable, shop] where !FileManager.default.isExecutableFile(atPath: path) {
            throw DemoFailure("\(path) is not a program that can be run.")
        }
        let temporary = options.environment["TMPDIR"] ?? ""
        let commands = DemoCommands(
            executable: executable,
            shop: shop,
            prometheus: prometheus,
            directory: try .prepare(options.directory, temporary: temporary.isEmpty ? "/tmp" : temporary),
            ports: try .pick(),
            pace: options.pace,
            environment: options.environment
        )
        var configuration = HTTPClient.Configuration()
        configuration.retry = .none
        configuration.proxy = .none
        return try DemoStage(options, commands, try HTTPClient(configuration: configuration))
    }

    private init(_ options: DemoOptions, _ commands: DemoCommands, _ http: HTTPClient) throws {
        self.options = options
        self.commands = commands
        self.http = http
        plan = DemoPlan(pace: options.pace)
        text = DemoText(plan: plan, commands: commands, style: options.style)
        processes = DemoProcesses(group: try ChildGroup())
        client = DemoClient(http: http)
    }

    /// The same with other ports, for processes that are started anew.
    func again() throws -> DemoStage {
        try commands.directory.empty()
        var commands = commands
        commands.ports = try .pick()
        return try DemoStage(options, commands, http)
    }
}

extension DemoCommands.Ports {
    fileprivate static func pick() throws -> DemoCommands.Ports {
        let ports = try FreePort.pick(3)
        return DemoCommands.Ports(shop: ports[0], prometheus: ports[1], web: ports[2])
    }
}

/// Where programs are.
enum Executables {
    /// This program's own file.
    static var this: String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    }

    /// The first of that name along PATH, then in /usr/bin.
    static func find(_ name: String, in environment: [String: String]) -> String? {
        let directories = (environment["PATH"] ?? "").split(separator: ":").map(String.init) + ["/usr/bin"]
        return directories.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
