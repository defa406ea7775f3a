import Analysis

/// Exponential back-off with full jitter. Source: M. Brooker, "Exponential Backoff And Jitter", 2015.
package struct Backoff: Sendable {
    package var base: Duration
    package var limit: Duration

    package init(base: Duration = .seconds(1), limit: Duration = .seconds(60)) {
        self.base = base
        self.limit = limit
    }

    /// The pause after `attempts` failures (at least 1), never shorter than a tenth of `base`.
    package func pause(after attempts: Int) -> Duration {
        let ceiling = min(limit, base * (1 << min(max(0, attempts - 1), 16)))
        let share = Double.random(in: 0.1...1)
        return .milliseconds(Int64(Double(ceiling.milliseconds) * share))
    }
}
