import Analysis

/// Exponential back-off with full jitter. Source: M. Brooker, "Exponential Backoff And Jitter", 2015.
package struct Backoff: Sendable {
    package var base: Duration
    package var limit: Duration
    /// A number from 0 to 1, another one each time.
    package var random: @Sendable () -> Double

    package init(
        base: Duration = .seconds(1),
        limit: Duration = .seconds(60),
        random: @escaping @Sendable () -> Double = { .random(in: 0...1) }
    ) {
        self.base = base
        self.limit = limit
        self.random = random
    }

    package func limited(to limit: Duration) -> Backoff { Backoff(base: base, limit: limit, random: random) }

    /// The pause after `attempts` failures (fewer than 1 count as 1), never shorter than a tenth of the longest.
    package func pause(after attempts: Int) -> Duration {
        let ceiling = min(limit, base * (1 << min(max(1, attempts) - 1, 16)))
        return .milliseconds(Int64(Double(ceiling.milliseconds) * (0.1 + 0.9 * random())))
    }
}
