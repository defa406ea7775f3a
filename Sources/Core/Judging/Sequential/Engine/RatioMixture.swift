/// A one-sided test of a ratio by a mixture of likelihood ratios: each point of the grid on one side of the bound
/// against the bound itself.
///
/// H. Robbins, "Statistical Methods Related to the Law of the Iterated Logarithm", Annals of Mathematical Statistics 41
/// (1970): the mixture is a nonnegative supermartingale that starts at 1 while the true ratio is at the bound or on its
/// other side, so that it reaches 1/a with probability at most a at any time (Ville).
package struct RatioMixture: Sendable, Equatable {
    /// Where the ratios lie that the evidence speaks for.
    package enum Side: Sendable, Equatable {
        case above
        case below
    }

    /// What a test is made of, once: every state that tests the same has the same parts.
    private final class Parts: Sendable, Equatable {
        let side: Side
        let prior: RatioPrior
        let ratio: Double
        let logRatio: Double
        let growth: Double
        let points: Range<Int>
        let logWeights: [Double]

        init(_ side: Side, _ ratio: Double, _ prior: RatioPrior, points: Range<Int>, logWeights: [Double]) {
            self.side = side
            self.prior = prior
            self.ratio = ratio
            self.points = points
            self.logWeights = logWeights
            logRatio = Elementary.log(ratio)
            growth = ratio - 1
        }

        static func == (left: Parts, right: Parts) -> Bool {
            left === right || (left.side == right.side && left.ratio == right.ratio && left.prior == right.prior)
        }
    }

    private let parts: Parts

    package var side: Side { parts.side }
    package var prior: RatioPrior { parts.prior }
    /// The ratio that the evidence speaks against.
    package var ratio: Double { parts.ratio }
    /// ln of it.
    var logRatio: Double { parts.logRatio }
    /// ratio - 1.
    var growth: Double { parts.growth }
    /// The points of the grid on this side of the bound.
    var points: Range<Int> { parts.points }
    /// ln of their weights, in the order of `points`; the weights' sum is 1.
    var logWeights: [Double] { parts.logWeights }

    /// A test whose bound lies within the grid, with at least one point on the side tested; nil otherwise.
    package init?(_ side: Side, _ ratio: Double, _ prior: RatioPrior) {
        if let known = Self.common.first(where: { $0.side == side && $0.ratio == ratio && $0.prior == prior }) {
            self = known
        } else {
            self.init(making: side, ratio, prior)
        }
    }

    private init?(making side: Side, _ ratio: Double, _ prior: RatioPrior) {
        guard ratio.isFinite, ratio > 0, prior.spread.isFinite, prior.spread > 0, prior.base >= 0, prior.base.isFinite,
            prior.center.isFinite
        else { return nil }
        let grid = RatioGrid.logRatios
        let logRatio = Elementary.log(ratio)
        let points =
            switch side {
            case .above: (grid.firstIndex { $0 - logRatio > 1e-9 } ?? grid.count)..<grid.count
            case .below: 0..<(grid.firstIndex { $0 - logRatio >= -1e-9 } ?? grid.count)
            }
        let weights = points.map { prior.weight(at: (grid[$0] - logRatio).magnitude) }
        let sum = weights.reduce(0, +)
        guard sum > 0, sum.isFinite else { return nil }
        parts = Parts(
            side,
            ratio,
            prior,
            points: points,
            logWeights: weights.map { Elementary.log($0) - Elementary.log(sum) }
        )
    }

    /// Made once: the bounds that most metrics have.
    private static let common: [RatioMixture] = [
        RatioMixture(making: .above, 1.02, .counts), RatioMixture(making: .above, 1.25, .counts),
        RatioMixture(making: .below, 1.5, .counts), RatioMixture(making: .above, 1, .votes),
        RatioMixture(making: .below, 1, .votes), RatioMixture(making: .above, 1.25, .split),
        RatioMixture(making: .below, 1 / 1.25, .split), RatioMixture(making: .above, 1.5, .counts),
        RatioMixture(making: .below, 1 / 1.5, .counts),
    ].compactMap { $0 }

    /// ln of the mixture, each log likelihood ratio divided by the dispersion (1 or more) before it is mixed.
    ///
    /// - Parameters:
    ///   - events: those of the experiment.
    ///   - boundSum: what the events of both sides have added up to at the bound.
    ///   - sum: the same at a point of the grid.
    @inline(__always)
    func logEvidence(
        events: Double,
        dispersion: Double,
        boundSum: Double,
        sum: (Int) -> Double
    ) -> Double {
        let grid = RatioGrid.logRatios
        let points = points
        let logWeights = logWeights
        let atBound = logRatio * events - boundSum
        let scale = 1 / dispersion
        var exponents = InlineArray<81, Double>(repeating: 0)
        for (index, point) in points.enumerated() {
            exponents[index] = logWeights[index] + (grid[point] * events - sum(point) - atBound) * scale
        }
        return LogSum.of(points.count) { exponents[$0] }
    }
}
