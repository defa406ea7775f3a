/// How counts of two sides are tested: the bounds, the weight of each distance from them, and the runs.
package struct CountsRule: Sendable, Equatable {
    /// Harm is a ratio above this one.
    package let failRatio: Double
    /// Harm is disproven by a ratio below this one.
    package let passRatio: Double
    package let starts: RunStarts
    let fail: RatioMixture
    let pass: RatioMixture

    /// The bounds of the ratio of error rates.
    package static let errorRatios = (fail: 1.02, pass: 1.5)
    /// The failing bound of the share of requests above a latency.
    package static let latencyRatios = (fail: 1.25, pass: 1.5)

    /// A rule for an analysis of a number of units.
    ///
    /// - Throws: `SequentialRuleError` for ratios that the grid cannot test, or an absurd number of units.
    package init(
        failRatio: Double = errorRatios.fail,
        passRatio: Double = errorRatios.pass,
        prior: RatioPrior = .counts,
        plannedUnits: Int,
        runWeights: SIMD4<Double> = RunStarts.countWeights
    ) throws(SequentialRuleError) {
        guard failRatio >= 1 / 32.0, let fail = RatioMixture(.above, failRatio, prior) else { throw .ratio(failRatio) }
        guard passRatio <= 32, let pass = RatioMixture(.below, passRatio, prior) else { throw .ratio(passRatio) }
        self.failRatio = failRatio
        self.passRatio = passRatio
        self.fail = fail
        self.pass = pass
        starts = try RunStarts(planned: plannedUnits, weights: runWeights)
    }
}
