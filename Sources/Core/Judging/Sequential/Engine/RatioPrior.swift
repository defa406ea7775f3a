/// How much weight each distance from a bound has in a mixture of likelihood ratios: a normal curve over the log
/// distance, and a constant that leaves something everywhere.
package struct RatioPrior: Sendable, Equatable {
    /// The log distance from the bound with the largest weight.
    package let center: Double
    /// The spread of the curve on the log scale; above 0.
    package let spread: Double
    /// What is added to the curve everywhere.
    package let base: Double

    /// Counts of events: the most weight at a ratio of e^0.8, about 2.2 times the bound.
    package static let counts = RatioPrior(center: 0.8, spread: 0.4, base: 0.03)
    /// Votes: the most weight right beside one half.
    package static let votes = RatioPrior(center: 0, spread: 1.2, base: 0)
    /// The split of requests, where small departures matter.
    package static let split = RatioPrior(center: 0.25, spread: 0.25, base: 0.03)

    /// The weight at a log distance of 0 or more; not normalised.
    func weight(at distance: Double) -> Double {
        Elementary.exp(-(distance - center) * (distance - center) / (2 * spread * spread)) + base
    }
}
