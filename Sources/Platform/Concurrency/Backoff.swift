/// Exponential back-off with full jitter. Source: M. Brooker, "Exponential Backoff And Jitter", 2015.
package struct Backoff: Sendable {
    package var base: Duration
    package var limit: Duration
    /// The shortest pause, as a part of the longest that the attempts so far allow.
    package var floor: Double
    /// A number from 0 to 1, another one each time.
    package var random: @Sendable () -> Double

    package init(
        base: Duration = .seconds(1),
        limit: Duration = .seconds(60),
        floor: Double = 0.1,
        random: @escaping @Sendable () -> Double = { .random(in: 0...1) }
    ) {
        self.base = base
        self.limit = limit
        self.floor = floor
        self.random = random
    }

    package func limited(to limit: Duration) -> Backoff {
        Backoff(base: base, limit: limit, floor: floor, random: random)
    }

    /// The pause after `attempts` failures (fewer than 1 count as 1).
    package func pause(after attempts: Int) -> Duration {
        let ceiling = min(limit, base * (1 << min(max(1, attempts) - 1, 30)))
        let part = floor + (1 - floor) * min(max(random(), 0), 1)
        return .nanoseconds(Int64((ceiling / .nanoseconds(1) * part).rounded()))
    }
}
