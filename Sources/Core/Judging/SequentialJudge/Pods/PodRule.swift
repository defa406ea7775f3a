/// What a metric of counts is told apart by, for the sequential judge.
package enum CountBreakdown: Sendable, Equatable {
    case pods(PodRule)
}

/// How pods count as units.
package struct PodRule: Sendable, Equatable {
    /// By how much the rates of healthy pods differ where that cannot be measured: their standard deviation, as a part of
    /// their mean.
    package var assumedSpread: Double
    package var onePod: OnePodPolicy

    /// Protects where healthy pods differ by up to a tenth.
    package static let standardSpread = 0.1

    package init(assumedSpread: Double = standardSpread, onePod: OnePodPolicy = .fail) {
        self.assumedSpread = assumedSpread
        self.onePod = onePod
    }
}

/// What it means that one pod of the new version stands out.
package enum OnePodPolicy: String, Sendable, Codable, CaseIterable {
    /// It counts like the others.
    case fail
    /// Where the others show no harm, the metric neither fails nor passes.
    case hold
    /// The metric is judged without it.
    case exclude
}
