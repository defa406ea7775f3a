/// Waiting for what happens in other processes, always with a limit: they do not say when they are ready, so they are asked.
///
/// A limit is there so that a failure ends. It is far longer than a slow and busy machine takes.
package enum Waiting {
    package struct TimedOut: Error, CustomStringConvertible {
        package var description: String

        package init(_ description: String) {
            self.description = description
        }
    }

    /// Asks until there is an answer.
    @discardableResult
    package static func until<Answer: Sendable>(
        _ what: String,
        atMost limit: Duration = .seconds(120),
        every pause: Duration = .milliseconds(50),
        _ probe: () async throws -> Answer?
    ) async throws -> Answer {
        let deadline = ContinuousClock.now + limit
        while true {
            if let answer = try await probe() { return answer }
            guard ContinuousClock.now < deadline else {
                throw TimedOut("after \(limit.components.seconds) s still waiting until \(what)")
            }
            try await Task.sleep(for: pause)
        }
    }

    package static func until(
        _ what: String,
        atMost limit: Duration = .seconds(120),
        isTrue: () async throws -> Bool
    ) async throws {
        try await until(what, atMost: limit) { try await isTrue() ? true : nil }
    }

    /// Asks for an answer that depends on a process: gives up at once when the process has ended, with the end of its log.
    @discardableResult
    package static func until<Answer: Sendable>(
        _ what: String,
        of process: ChildProcess,
        atMost limit: Duration = .seconds(120),
        _ probe: () async throws -> Answer?
    ) async throws -> Answer {
        try await until(what, atMost: limit) {
            if let answer = try await probe() { return answer }
            if let exit = process.exit {
                let log = LogTail.lines(of: process.command.logPath, count: 10).joined(separator: "\n")
                throw TimedOut("\(process.command.name) \(exit):\n\(log)")
            }
            return nil
        }
    }
}
