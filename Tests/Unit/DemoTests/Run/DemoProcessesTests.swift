import Glibc
import Processes
import Testing

@testable import Demo

@Suite("The demo's processes", .timeLimit(.minutes(5)))
struct DemoProcessesTests {
    private func shell(_ script: String, log: String = "/dev/null") -> ChildCommand {
        ChildCommand(
            name: "serve",
            executable: "/bin/sh",
            arguments: ["-c", script],
            environment: ["PATH": "/usr/bin:/bin"],
            logPath: log
        )
    }

    @Test("A process killed on purpose comes back with the same command, and no failure is reported")
    func restarts() async throws {
        let processes = DemoProcesses(group: try ChildGroup())
        let first = try processes.start(.serve, shell("exec sleep 1000"))
        let second = try #require(try await processes.killAndRestart(.serve, downtime: .zero))
        #expect(first.exit == .signal(SIGKILL))
        #expect(second.command == first.command)
        #expect(second.exit == nil)
        #expect(processes.ids.map(\.id) == [second.id])
        let unknown = try await processes.killAndRestart(.rollout, downtime: .zero)
        #expect(unknown == nil)
        let watch = Task { try await processes.watch() }
        second.send(signal: SIGTERM)
        // The first to be reported is the one that was not killed on purpose.
        await #expect(throws: DemoFailure("serve was ended by signal 15.")) { try await watch.value }
        await processes.terminate()
    }

    @Test("A process that ends by itself is reported with its log")
    func reports() async throws {
        let directory = try TemporaryDirectory()
        let log = "\(directory.path)/log"
        let processes = DemoProcesses(group: try ChildGroup())
        _ = try processes.start(.serve, shell("echo listen: address already in use; exit 1", log: log))
        let failure = DemoFailure("serve ended with exit code 1.", log: ["listen: address already in use"])
        await #expect(throws: failure) { try await processes.watch() }
        #expect(failure.foundPortTaken)
        #expect(!DemoFailure("serve ended with exit code 1.", log: ["no such file"]).foundPortTaken)
        await processes.terminate()
    }

    @Test("A program that is run to its end must end well")
    func runs() async throws {
        let processes = DemoProcesses(group: try ChildGroup())
        try await processes.runToEnd(shell("exit 0"))
        await #expect(throws: DemoFailure("serve ended with exit code 2.")) {
            try await processes.runToEnd(shell("exit 2"))
        }
        await processes.terminate()
    }

    @Test("Waiting for an answer ends with the process, or with the time")
    func readiness() async throws {
        let group = try ChildGroup()
        let dead = try group.start(shell("exit 4"))
        await #expect(throws: DemoFailure("serve ended with exit code 4.")) {
            try await Readiness.wait(for: dead, atMost: .seconds(60)) { nil as Bool? }
        }
        let silent = try group.start(shell("exec sleep 1000"))
        await #expect(throws: DemoFailure("serve was not ready after 0 s.")) {
            try await Readiness.wait(for: silent, atMost: .zero) { nil as Bool? }
        }
        #expect(try await Readiness.wait(for: silent, atMost: .seconds(60)) { "up" } == "up")
        await group.terminate(grace: .seconds(5))
    }
}
