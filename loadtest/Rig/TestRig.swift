import Foundation
import Glibc
package import HTTPTransport
package import Processes

/// The processes and files of a run. Whatever happens to this process, none of the others is left.
package final class TestRig: Sendable {
    package let directory: String
    package let http: HTTPClient
    private let group: ChildGroup

    package init(directory given: String?) throws {
        _ = signal(SIGPIPE, SIG_IGN)
        directory = try given.map(Self.made) ?? Self.temporary()
        // A database server runs as a user of its own and must reach its folder.
        chmod(directory, 0o711)
        var configuration = HTTPClient.Configuration()
        configuration.retry = .none
        configuration.proxy = .none
        http = try HTTPClient(configuration: configuration)
        group = try ChildGroup()
    }

    package func path(_ name: String) -> String { "\(directory)/\(name)" }

    @discardableResult
    package func write(_ text: String, to name: String) throws -> String {
        let url = URL(fileURLWithPath: path(name))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        return url.path
    }

    /// Starts a program whose output goes to `logs/NAME.log`.
    package func start(_ name: String, _ program: String, _ arguments: [String]) throws -> ChildProcess {
        try group.start(command(name, program, arguments, log: path("logs/\(name).log")))
    }

    /// Runs a program to its end and returns what it printed.
    ///
    /// - Throws: `RunFailure` when it exits with anything but 0, or does not end in time.
    @discardableResult
    package func run(
        _ name: String,
        _ program: String,
        _ arguments: [String],
        atMost limit: Duration = .seconds(60)
    ) async throws -> String {
        let log = path("logs/\(name)-\(UUID().uuidString).out")
        defer { try? FileManager.default.removeItem(atPath: log) }
        let child = try group.start(command(name, program, arguments, log: log))
        let timer = Task {
            try await Task.sleep(for: limit)
            child.send(signal: SIGKILL)
        }
        let exit = await withTaskCancellationHandler {
            await child.waitUntilExit()
        } onCancel: {
            child.send(signal: SIGKILL)
        }
        timer.cancel()
        try Task.checkCancellation()
        let output = String(decoding: FileManager.default.contents(atPath: log) ?? Data(), as: UTF8.self)
        guard exit == .code(0) else { throw RunFailure("\(name) \(exit): \(output.suffix(500))") }
        return output
    }

    package func get(_ url: String) async throws -> String {
        let response = try await http.execute(HTTPRequest(url: url, timeout: .seconds(5)))
        guard response.isSuccess else { throw RunFailure("\(url) answered with status \(response.status)") }
        return String(decoding: response.body, as: UTF8.self)
    }

    package func tearDown(keepFiles: Bool) async {
        await group.terminate(grace: .seconds(15))
        await http.close()
        if !keepFiles { try? FileManager.default.removeItem(atPath: directory) }
    }

    private func command(_ name: String, _ program: String, _ arguments: [String], log: String) -> ChildCommand {
        ChildCommand(name: name, executable: program, arguments: arguments, environment: Self.environment, logPath: log)
    }

    /// Settings are variables as well: those of the person who runs this are not for the programs under test.
    private static var environment: [String: String] {
        let kept: Set = ["PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH"]
        return ProcessInfo.processInfo.environment.filter { kept.contains($0.key) }
            .merging(["PGCONNECT_TIMEOUT": "2"]) { own, _ in own }
    }

    private static func made(_ path: String) throws -> String {
        let path = URL(fileURLWithPath: path).standardizedFileURL.path
        try FileManager.default.createDirectory(atPath: path + "/logs", withIntermediateDirectories: true)
        return path
    }

    private static func temporary() throws -> String {
        let parent = FileManager.default.temporaryDirectory.standardizedFileURL.path
        var template = Array("\(parent)/assay-rig-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw RunFailure("no directory could be made in \(parent)") }
        return try made(String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
}
