/// The levels at which the evidence decides.
package struct DecisionLevels: Sendable, Equatable {
    /// How often a release without harm may be failed.
    package let alpha: Double
    /// How often harm may be passed.
    package let beta: Double

    /// 5 % each.
    package static let standard = DecisionLevels(unchecked: 0.05, 0.05)

    /// - Throws: for levels outside of 0 to 1.
    package init(alpha: Double, beta: Double) throws(SequentialRuleError) {
        guard alpha >= 1e-12, alpha < 1 else { throw .level("alpha", alpha) }
        guard beta >= 1e-12, beta < 1 else { throw .level("beta", beta) }
        self.init(unchecked: alpha, beta)
    }

    private init(unchecked alpha: Double, _ beta: Double) {
        self.alpha = alpha
        self.beta = beta
    }

    /// ln of the evidence that fails, for a metric with a share of the level (1: alone).
    package func logFailing(share: Double = 1) -> Double { -Elementary.log(alpha * share) }

    /// ln of the evidence that passes.
    package var logPassing: Double { -Elementary.log(beta) }
}
