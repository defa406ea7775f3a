import Glibc

/// Time and chance, as parameters: tests give their own and wait for nothing.
package struct RetryEnvironment: Sendable {
    /// Waits; throws when the task is cancelled.
    package var sleep: @Sendable (Duration) async throws -> Void
    /// An even draw from 0 to 1.
    package var random: @Sendable () -> Double
    /// Time that only goes forward, from any origin.
    package var elapsed: @Sendable () -> Duration
    /// Seconds since 1970.
    package var unixSeconds: @Sendable () -> Int64

    package init(
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        random: @escaping @Sendable () -> Double,
        elapsed: @escaping @Sendable () -> Duration,
        unixSeconds: @escaping @Sendable () -> Int64
    ) {
        self.sleep = sleep
        self.random = random
        self.elapsed = elapsed
        self.unixSeconds = unixSeconds
    }

    /// The machine's clocks and generator.
    package static var system: RetryEnvironment {
        let origin = ContinuousClock.now
        return RetryEnvironment(
            sleep: { try await Task.sleep(for: $0, clock: .continuous) },
            random: { Double.random(in: 0...1) },
            elapsed: { ContinuousClock.now - origin },
            unixSeconds: { Int64(time(nil)) }
        )
    }
}
