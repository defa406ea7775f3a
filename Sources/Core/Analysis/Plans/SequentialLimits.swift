import Judging

/// How much worse the new version may be, as the sequential judge takes it: what the plan says, completed by the defaults
/// of what the metric measures. Ratios are of the sides, towards the worse.
package struct SequentialLimits: Sendable, Equatable {
    /// A ratio up to this counts as healthy; at least 1.
    package var margin: Double
    /// The ratio that a pass rules out.
    package var harm: Double
    /// The smallest ratio that may fail a release, of metrics that are no counts.
    package var gate: Double
    /// The smallest difference that may fail a release, in the metric's own unit; of counts, in shares of 1.
    package var floor: Double

    package init(margin: Double, harm: Double, gate: Double, floor: Double) {
        self.margin = margin
        self.harm = harm
        self.gate = gate
        self.floor = floor
    }
}

extension PlannedMetric {
    /// - Parameter isPast: the control is an earlier time of the same series.
    package func limits(isPast: Bool = false) -> SequentialLimits {
        let margin = effect.margin ?? SequentialDefaults.margin(of: input, isPast: isPast)
        return SequentialLimits(
            margin: margin,
            harm: effect.harm ?? max(SequentialDefaults.harm, margin * 1.25),
            gate: effect.gate ?? max(SequentialDefaults.gate, margin),
            floor: effect.floor ?? 0
        )
    }
}

/// What a plan that says nothing gets.
package enum SequentialDefaults {
    /// A share of errors, or of requests slower than the objective, below this is no harm, where the plan names no floor: a
    /// service that has none at all would never show that they have not doubled.
    package static let tolerableErrorRate = 0.001
    /// Of the ratio of event rates.
    package static let countMargin = CountsRule.errorRatios.fail
    /// Of the share of requests above a bound: a shift of a whole distribution by 10 % raises the share beyond its 90th
    /// percentile by about 30 %.
    package static let latencyMargin = CountsRule.latencyRatios.fail
    package static let gaugeMargin = GaugeRule.ratios.null
    /// Of a comparison with earlier times.
    package static let pastMargin = 1.10
    package static let harm = CountsRule.errorRatios.pass
    package static let gate = GaugeRule.ratios.gate

    static func margin(of input: MetricInput, isPast: Bool) -> Double {
        guard !isPast else { return pastMargin }
        return switch input {
        case .counts: countMargin
        case .histogram: latencyMargin
        case .value: gaugeMargin
        }
    }
}

extension SequentialLimits {
    /// What does not go together, once each number is one that may be.
    var problems: [PlanError] {
        let shown = margin.formatted(decimals: 4)
        var found: [PlanError] = []
        if harm <= margin {
            let problem =
                "must be above the margin (\(shown)): between them lies what is neither healthy nor harm"
            found.append(PlanError(field: "effect.harm", problem: problem))
        }
        if gate < margin {
            let problem = "must not be below the margin (\(shown)), up to which the metric counts as healthy"
            found.append(PlanError(field: "effect.gate", problem: problem))
        }
        return found
    }
}
