import Foundation
import HTTPTransport
import Processes
import Testing

/// The processes and files of one test. Whatever happens in the test, nothing of them is left.
final class Bench: Sendable {
    let directory: String
    let http: HTTPClient
    private let group: ChildGroup

    private init() throws {
        // Before anything else: a program that goes away while it is written to must not end the tests.
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("assay-e2e-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: directory,
            withIntermediateDirectories: true,
            // Keys and tokens are put into it.
            attributes: [.posixPermissions: 0o700]
        )
        var configuration = HTTPClient.Configuration()
        configuration.retry = .none
        configuration.proxy = .none
        http = try HTTPClient(configuration: configuration)
        group = try ChildGroup()
    }

    /// Makes a bench for `body`; shows the ends of its logs when `body` throws.
    ///
    /// A test that has no more time is cancelled: its processes are killed, and so nothing waits for their ends any longer.
    static func run(_ body: (Bench) async throws -> Void) async throws {
        let bench = try Bench()
        do {
            try await withTaskCancellationHandler {
                try await body(bench)
            } onCancel: {
                bench.group.kill()
            }
            await bench.tearDown()
        } catch {
            Attachment.record(bench.logs, named: "logs.txt")
            print(bench.logs)
            await bench.tearDown()
            throw error
        }
    }

    private func tearDown() async {
        await group.terminate(grace: .seconds(10))
        await http.close()
        guard ProcessInfo.processInfo.environment["ASSAY_KEEP_TEST_FILES"] == nil else { return }
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// The ends of all logs.
    var logs: String {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter { $0.hasSuffix(".log") }.sorted().map { name in
            "== \(name)\n" + LogTail.lines(of: path(name), count: 40).joined(separator: "\n")
        }.joined(separator: "\n")
    }

    func path(_ name: String) -> String { "\(directory)/\(name)" }

    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        try write(Array(text.utf8), to: name)
    }

    @discardableResult
    func write(_ bytes: [UInt8], to name: String) throws -> String {
        let url = URL(fileURLWithPath: path(name))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
        return url.path
    }

    /// Starts a program whose output goes to `NAME.log`.
    func start(_ name: String, _ program: String, _ arguments: [String]) throws -> ChildProcess {
        try group.start(
            ChildCommand(
                name: name,
                executable: program,
                arguments: arguments,
                environment: Self.environment,
                logPath: path("\(name).log")
            )
        )
    }

    /// - Parameter errors: where its standard error goes; nil for its log.
    func startAssay(_ name: String, errors: String? = nil, _ arguments: [String]) throws -> ChildProcess {
        let program = try #require(Programs.assay)
        guard let errors else { return try start(name, program, arguments) }
        let script = "errors=$1; shift; exec \"$@\" 2>\"$errors\""
        return try start(name, "/bin/sh", ["-c", script, "sh", errors, program] + arguments)
    }

    /// Runs a program to its end, which must come within four minutes.
    func run(_ program: String, _ arguments: [String], input: String = "/dev/null") async throws -> ProgramResult {
        let (out, err) = (path("\(UUID().uuidString).out"), path("\(UUID().uuidString).err"))
        // Before the program is replaced, the shell opens the files.
        let script = "out=$1 err=$2 in=$3; shift 3; exec \"$@\" >\"$out\" 2>\"$err\" <\"$in\""
        let child = try start("run", "/bin/sh", ["-c", script, "sh", out, err, input, program] + arguments)
        let limit = Task {
            try await Task.sleep(for: .seconds(240))
            child.send(signal: 9)
        }
        let exit = await withTaskCancellationHandler {
            await child.waitUntilExit()
        } onCancel: {
            child.send(signal: 9)
        }
        limit.cancel()
        try Task.checkCancellation()
        return ProgramResult(exit: exit, output: Self.text(out), errors: Self.text(err))
    }

    func assay(_ arguments: [String], input: String = "/dev/null") async throws -> ProgramResult {
        try await run(try #require(Programs.assay), arguments, input: input)
    }

    private static func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }

    /// Settings are variables as well: those of the person who runs the tests are not for the programs under test.
    static var environment: [String: String] {
        let kept: Set = ["PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH"]
        return ProcessInfo.processInfo.environment.filter { kept.contains($0.key) }
    }
}
