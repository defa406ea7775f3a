import HTTPTransport
import Processes

/// Waiting until a process answers. Others' processes say nothing when they are ready, so they are asked.
enum Readiness {
    /// Asks every 100 ms until `probe` has an answer.
    ///
    /// - Throws: `DemoFailure` with the end of the process' log when it ends, or when the time has run out.
    static func wait<Answer: Sendable>(
        for child: ChildProcess,
        atMost limit: Duration,
        _ probe: () async -> Answer?
    ) async throws -> Answer {
        let name = child.command.name
        let clock = ContinuousClock()
        let deadline = clock.now + limit
        while true {
            if let answer = await probe() { return answer }
            if let exit = child.exit { throw ended(child, exit) }
            guard clock.now < deadline else {
                throw DemoFailure(
                    "\(name) was not ready after \(limit.components.seconds) s.",
                    log: LogTail.lines(of: child.command.logPath, count: 15)
                )
            }
            try await clock.sleep(for: .milliseconds(100))
        }
    }

    static func ended(_ child: ChildProcess, _ exit: ChildExit) -> DemoFailure {
        DemoFailure("\(child.command.name) \(exit).", log: LogTail.lines(of: child.command.logPath, count: 15))
    }
}
