/// What is known of a metric when an analysis begins.
package struct EvaluatedMetric: Sendable {
    package enum Kind: Sendable {
        /// Units hold values. The history is the control's, as far as it is known; NaN where there is no value.
        case gauge(history: [Double])
        /// Units hold counts. The history is the control's own time before the event, a unit each: events and requests.
        case counts(history: [(events: Double, exposure: Double)])
        /// Units hold requests by latency, with these bounds. The history is the control's own, a unit each.
        case latency(bounds: [Double], history: [LatencyBuckets])
    }

    package var name: String
    package var kind: Kind
    /// A degradation is a decrease.
    package var fallsWhenWorse: Bool
    /// A plan would name it as critical.
    package var isCritical: Bool
    /// Of the decisive metrics; they add up to 1.
    package var weight: Double
    /// Values of the experiment's own series before the event, oldest first, a whole number of lifetimes; empty where a
    /// control runs at the same time.
    package var earlier: [Double]
    /// Values of both sides before the event, oldest first; empty where the experiment has no past.
    package var pairs: [(control: Double, experiment: Double)]

    package init(
        name: String = "metric",
        kind: Kind,
        fallsWhenWorse: Bool = false,
        isCritical: Bool = false,
        weight: Double = 1,
        earlier: [Double] = [],
        pairs: [(control: Double, experiment: Double)] = []
    ) {
        self.name = name
        self.kind = kind
        self.fallsWhenWorse = fallsWhenWorse
        self.isCritical = isCritical
        self.weight = weight
        self.earlier = earlier
        self.pairs = pairs
    }
}

/// One analysis, ready to be judged: its metrics, and what each look will show.
package struct EvaluatedAnalysis: Sendable {
    package var comparison: EvaluatedComparison
    package var metrics: [EvaluatedMetric]
    /// For each look a unit of each metric.
    package var looks: [[EvaluatedUnit]]

    package init(comparison: EvaluatedComparison, metrics: [EvaluatedMetric], looks: [[EvaluatedUnit]]) {
        self.comparison = comparison
        self.metrics = metrics
        self.looks = looks
    }

    /// The looks that the plan has.
    package var planned: Int { looks.count }
}

/// What the experiment is held against.
package enum EvaluatedComparison: String, Sendable, CaseIterable {
    /// Another side at the same time.
    case concurrent
    /// The same series earlier.
    case before
}
