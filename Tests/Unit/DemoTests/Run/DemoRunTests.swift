import Foundation
import Processes
import Synchronization
import Testing

@testable import Demo

@Suite("Runs that can't succeed", .timeLimit(.minutes(5)))
struct DemoRunTests {
    private struct Nothing: DemoFeed {
        func follow(brokers: String, deliver: @escaping @Sendable (DemoObservation) -> Void) async throws {
            try await Task.sleep(for: .seconds(3600))
        }
    }

    private final class Lines: Sendable {
        private let all = Mutex("")
        var text: String { all.withLock { $0 } }
        var console: Console { Console(isTerminal: false) { [self] text in all.withLock { $0 += text } } }
    }

    private func options(_ lines: Lines, _ directory: TemporaryDirectory, assay: String, prometheus: String?)
        -> DemoOptions
    {
        DemoOptions(
            directory: "\(directory.path)/run",
            executable: assay,
            prometheus: prometheus,
            environment: ["PATH": "/usr/bin:/bin", "TMPDIR": directory.path],
            feed: Nothing(),
            handlesSignals: false,
            console: lines.console
        )
    }

    @Test("A process that ends too soon is named, with the end of its log")
    func deadBroker() async throws {
        let directory = try TemporaryDirectory()
        let lines = Lines()
        let assay = try await directory.script("echo no such command: $1; exit 7", name: "assay")
        let outcome = await DemoRun.outcome(of: options(lines, directory, assay: assay, prometheus: "/bin/true"))
        #expect(outcome.exitCode == 1)
        #expect(outcome.failure == "broker ended with exit code 7.")
        #expect(lines.text.contains("| no such command: broker"))
        #expect(FileManager.default.fileExists(atPath: "\(directory.path)/run/plans/shop-canary.yaml"))
    }

    @Test(
        "Where a port is taken everything starts again with other ports, a few times",
        arguments: [(taken: 2, starts: 3, code: 7), (taken: 100, starts: 4, code: 1)]
    )
    func takenPorts(taken: Int, starts: Int, code: Int) async throws {
        let directory = try TemporaryDirectory()
        let lines = Lines()
        let assay = try await directory.script("echo KAFKA_BROKERS=127.0.0.1:1; exec sleep 1000", name: "assay")
        let seen = "\(directory.path)/ports"
        let shop = """
            echo "$3" >> \(seen)
            [ "$(wc -l < \(seen))" -gt \(taken) ] && exit 7
            echo "bind: Address already in use"; exit 1
            """
        var options = options(lines, directory, assay: assay, prometheus: "/bin/true")
        options.shop = try await directory.script(shop, name: "shop")
        let outcome = await DemoRun.outcome(of: options)
        #expect(outcome.failure == "shop ended with exit code \(code).")
        let ports = LogTail.lines(of: seen, count: 100).compactMap { Int($0) }
        #expect(ports.count == starts)
        #expect(Set(ports).count == starts)
        #expect(lines.text.components(separatedBy: "everything starts again with other ports").count == starts)
        // What the last start has written is there alone.
        #expect(LogTail.lines(of: "\(directory.path)/run/logs/broker.log", count: 9).count == 1)
    }

    @Test("A program that isn't there, and a directory in use")
    func unusable() async throws {
        let directory = try TemporaryDirectory()
        let lines = Lines()
        let missing = options(lines, directory, assay: "/nowhere/assay", prometheus: "/bin/true")
        #expect(await DemoRun.run(missing) == 1)
        #expect(lines.text.contains("/nowhere/assay is not a program that can be run."))
        var used = options(lines, directory, assay: "/bin/true", prometheus: "/bin/true")
        used.directory = directory.path
        _ = try directory.write("x", to: "file")
        #expect(await DemoRun.run(used) == 1)
        #expect(lines.text.contains("is not empty"))
    }

    @Test("Cancelling ends every process and counts as an interruption")
    func cancelled() async throws {
        let directory = try TemporaryDirectory()
        let lines = Lines()
        let assay = try await directory.script("echo $$ > \(directory.path)/pid; exec sleep 1000", name: "assay")
        let options = options(lines, directory, assay: assay, prometheus: "/bin/true")
        let run = Task { await DemoRun.outcome(of: options) }
        while LogTail.value(after: "", in: "\(directory.path)/pid") == nil {
            try await Task.sleep(for: .milliseconds(1))
        }
        run.cancel()
        let outcome = await run.value
        #expect(outcome.interrupted)
        #expect(outcome.exitCode == 130)
        let id = try #require(LogTail.value(after: "", in: "\(directory.path)/pid").flatMap { Int32($0) })
        #expect(kill(id, 0) != 0)
    }

    @Test("Programs are found along PATH")
    func finds() async throws {
        let directory = try TemporaryDirectory()
        let program = try await directory.script("exit 0", name: "some-program")
        #expect(Executables.find("some-program", in: ["PATH": "/nowhere:\(directory.path)"]) == program)
        #expect(Executables.find("some-program", in: [:]) == nil)
        #expect(Executables.this?.hasPrefix("/") == true)
    }
}
