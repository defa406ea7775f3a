package import Processes

/// Waiting for what happens in other processes, always with a limit: they do not say when they are ready, so they are asked.
package enum Waiting {
    @discardableResult
    package static func until<Answer: Sendable>(
        _ what: String,
        atMost limit: Duration,
        every pause: Duration = .milliseconds(50),
        _ probe: () async throws -> Answer?
    ) async throws -> Answer {
        let deadline = ContinuousClock.now + limit
        while true {
            if let answer = try await probe() { return answer }
            guard ContinuousClock.now < deadline else {
                throw BenchFailure("after \(limit.components.seconds) s still waiting until \(what)")
            }
            try await Task.sleep(for: pause)
        }
    }

    /// As above, for a process: gives up at once when it has ended.
    @discardableResult
    package static func until<Answer: Sendable>(
        _ what: String,
        of process: ChildProcess,
        atMost limit: Duration,
        _ probe: () async throws -> Answer?
    ) async throws -> Answer {
        try await until(what, atMost: limit) {
            if let answer = try await probe() { return answer }
            if let exit = process.exit {
                let log = LogTail.lines(of: process.command.logPath, count: 10).joined(separator: "\n")
                throw BenchFailure("\(process.command.name) \(exit):\n\(log)")
            }
            return nil
        }
    }
}
