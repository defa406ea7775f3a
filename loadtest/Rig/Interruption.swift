import UnixSignals

/// Ends a run in order at SIGINT and SIGTERM.
package enum Interruption {
    /// - Throws: `RunFailure` when a signal came first; what `work` throws.
    package static func ends<Result: Sendable>(
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { return nil }
                return nil
            }
            defer { group.cancelAll() }
            guard let result = try await group.next() ?? nil else { throw RunFailure("interrupted") }
            return result
        }
    }
}
