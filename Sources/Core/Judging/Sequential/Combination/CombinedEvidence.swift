/// What several metrics say together.
///
/// Harm is shown when the weighted mean of their evidence reaches 1 / alpha: the mean of such evidence is evidence of the
/// same kind, however the metrics depend on each other (V. Vovk and R. Wang, "E-values: Calibration, Combination and
/// Applications", Annals of Statistics 49, 2021). Harmlessness has to be shown by every metric, each at the whole level.
package struct CombinedEvidence: Sendable, Equatable {
    /// What may be done now.
    package enum Decision: Sendable, Equatable {
        case goOn
        case fail
        case pass
    }

    package let decision: Decision
    /// ln of the weighted mean of the evidence for harm.
    package let logFail: Double
    /// The metrics with at least half of that evidence, by their index, when harm is shown: one or two.
    package let blamed: [Int]
    /// The metrics that a pass still waits for, by their index.
    package let awaited: [Int]

    /// Evidence for harm from which on a metric holds back a pass.
    package static let holdingBack = 3.0

    /// - Parameter evidence: natural logarithm of the evidence for harm.
    package static func isHeldBack(by evidence: Double) -> Bool { evidence >= Elementary.log(holdingBack) }

    /// Combines decisive metrics. Without any, and with weights or evidence that are no numbers, nothing is decided.
    package init(_ metrics: [WeightedEvidence], _ levels: DecisionLevels = .standard) {
        let total = metrics.reduce(0) { $0 + Self.usable($1.weight) }
        let exponents = metrics.map { metric in
            let weight = Self.usable(metric.weight)
            return weight > 0 && !metric.logFail.isNaN ? Elementary.log(weight / total) + metric.logFail : -.infinity
        }
        let mean = LogSum.of(exponents)
        let combined = mean > -.infinity ? mean : 0
        logFail = combined
        // A weight of 0 makes a metric undecisive; one that is no number holds back.
        let awaited = metrics.indices.filter { index in
            let metric = metrics[index]
            let passes =
                Self.usable(metric.weight) > 0 && metric.hasEnough && metric.logPass >= levels.logPassing
                && metric.logFail < Elementary.log(Self.holdingBack)
            return metric.weight != 0 && !passes
        }
        self.awaited = awaited
        if total > 0, combined >= levels.logFailing() {
            decision = .fail
            blamed = metrics.indices.filter { exponents[$0] >= combined - Elementary.log(2.0) }
        } else {
            decision = total > 0 && awaited.isEmpty ? .pass : .goOn
            blamed = []
        }
    }

    private static func usable(_ weight: Double) -> Double { weight > 0 && weight.isFinite ? weight : 0 }
}
