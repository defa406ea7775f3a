/// How long things take on this machine, whatever its wall clock says.
package protocol MonotonicClock: Sendable {
    /// Time since a fixed moment; never goes back and never jumps.
    func uptime() -> Duration

    /// Returns when the time has passed; throws `CancellationError` when the task is cancelled.
    func sleep(for duration: Duration) async throws
}

/// The machine's own clock.
package struct SystemMonotonicClock: MonotonicClock {
    private static let start = ContinuousClock.now

    package init() {}

    package func uptime() -> Duration { ContinuousClock.now - Self.start }

    package func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
}
