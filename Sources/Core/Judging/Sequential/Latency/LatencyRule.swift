/// How latencies in histograms are compared: the share of requests above some bounds, each as counts.
package struct LatencyRule: Sendable, Equatable {
    /// How the share above a bound is tested.
    package let counts: CountsRule
    /// A latency that no request should exceed: one bound more, with half of the weight.
    package let objective: Double?

    /// - Throws: `SequentialRuleError` for ratios that the grid cannot test, and an objective that is no number above 0.
    package init(
        failRatio: Double = CountsRule.latencyRatios.fail,
        passRatio: Double = CountsRule.latencyRatios.pass,
        objective: Double? = nil,
        plannedUnits: Int
    ) throws(SequentialRuleError) {
        if let objective, !(objective > 0 && objective <= 1e30) { throw .number("the objective", objective) }
        counts = try CountsRule(failRatio: failRatio, passRatio: passRatio, plannedUnits: plannedUnits)
        self.objective = objective
    }

    init(counts: CountsRule, objective: Double?) {
        self.counts = counts
        self.objective = objective
    }
}
