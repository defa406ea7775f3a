/// Waiting for what happens in other processes, always with a limit.
enum Waiting {
    struct TimedOut: Error, CustomStringConvertible {
        var description: String
    }

    /// Asks every 50 ms, as other processes do not say when they are ready, until there is an answer.
    @discardableResult
    static func until<Answer: Sendable>(
        _ what: String,
        atMost limit: Duration = .seconds(30),
        _ probe: () async throws -> Answer?
    ) async throws -> Answer {
        let deadline = ContinuousClock.now + limit
        while true {
            if let answer = try await probe() { return answer }
            guard ContinuousClock.now < deadline else {
                throw TimedOut(description: "after \(limit) still waiting until \(what)")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    static func until(
        _ what: String,
        atMost limit: Duration = .seconds(30),
        isTrue: () async throws -> Bool
    ) async throws {
        try await until(what, atMost: limit) { try await isTrue() ? true : nil }
    }
}
