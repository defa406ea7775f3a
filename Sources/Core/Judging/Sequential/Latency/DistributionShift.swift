/// Where the distribution of the experiment's latencies lies beside the control's by the most, against what chance allows.
package struct DistributionShift: Sendable, Equatable {
    /// The bound, in the unit of the histogram.
    package let bound: Double
    /// The share of requests that took longer than it: the experiment's less the control's.
    package let difference: Double
    /// What chance allows at any time and at any bound.
    package let limit: Double

    /// The experiment is slower than chance makes it.
    package var isSlower: Bool { difference > limit }
}
