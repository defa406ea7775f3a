import Foundation
import Glibc
package import Processes
import Synchronization

/// One `assay serve` of several, or another command that listens: one after the other, processes in the same place.
package final class Replica: Sendable {
    /// One process.
    package struct Run: Sendable {
        package var process: ChildProcess
        package var startedAt: ContinuousClock.Instant
        /// Base URL of its HTTP interface; nil until it listens.
        package var url: String?
    }

    /// 1 for the first.
    package let number: Int
    package let name: String
    private let rig: TestRig
    /// Begins the names of its log and of its port file.
    private let label: String
    private let command: Mutex<(program: String, arguments: [String])>
    private let state = Mutex<(run: Run?, count: Int)>((nil, 0))

    package init(number: Int, rig: TestRig, program: String, command: String = "serve", flags: [String]) {
        self.number = number
        self.rig = rig
        name = command == "serve" ? "replica \(number)" : "\(command) \(number)"
        label = name.replacing(" ", with: "-")
        self.command = Mutex((program, [command] + flags))
    }

    /// Where its output goes.
    package var logPath: String { rig.path("logs/\(label).log") }

    /// The process that runs now.
    package var current: Run? { state.withLock { $0.run } }

    /// From the next start on another program is run.
    package func replaceProgram(by program: String) {
        command.withLock { $0.program = program }
    }

    /// Starts it and waits until it listens; nothing is said about whether it is ready.
    package func start() async throws {
        let count = state.withLock { state in
            state.count += 1
            return state.count
        }
        let portFile = rig.path("\(label)-\(count).port")
        let (program, arguments) = command.withLock { $0 }
        let process = try rig.start(
            label,
            program,
            arguments + ["--web-port", "0", "--web-port-file", portFile]
        )
        state.withLock { $0.run = Run(process: process, startedAt: .now) }
        let port = try await Waiting.until("\(name) listens", of: process) {
            LogTail.lines(of: portFile, count: 1).first.flatMap { Int($0) }
        }
        state.withLock { state in
            if state.run?.process === process { state.run?.url = "http://127.0.0.1:\(port)" }
        }
    }

    package func waitUntilReady() async throws {
        guard let run = current, let url = run.url else { throw RunFailure("\(name) does not run") }
        try await Waiting.until("\(name) is ready", of: run.process) {
            // Also what does not decide: its consumer has its share of the partitions. Older versions say "ok".
            guard let body = try? await rig.get("\(url)/readyz") else { return nil as Bool? }
            return body.contains(#""down""#) ? nil : true
        }
    }

    /// Sends a signal that ends it, and waits for the end; kills it when that takes longer than `limit`.
    package func end(signal: Int32, atMost limit: Duration = .seconds(30)) async -> ChildExit? {
        let run = state.withLock { state in
            defer { state.run = nil }
            return state.run
        }
        guard let process = run?.process else { return nil }
        process.send(signal: signal)
        let timer = Task {
            try await Task.sleep(for: limit)
            process.send(signal: SIGKILL)
        }
        defer { timer.cancel() }
        return await process.waitUntilExit()
    }

    /// SIGSTOP or SIGCONT.
    package func send(signal: Int32) {
        current?.process.send(signal: signal)
    }
}
