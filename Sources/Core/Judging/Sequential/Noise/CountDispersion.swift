/// How much more the counts of two sides vary against each other than chance alone makes them: 1 is binomial.
///
/// From one-step-ahead residuals about a running Mantel-Haenszel ratio (N. Mantel and W. Haenszel, "Statistical Aspects of
/// the Analysis of Data from Retrospective Studies of Disease", Journal of the National Cancer Institute 22, 1959), scaled
/// as recursive residuals (R. L. Brown, J. Durbin and J. M. Evans, "Techniques for Testing the Constancy of Regression
/// Relationships over Time", Journal of the Royal Statistical Society B 37, 1975), with Bartlett's weights for their
/// autocorrelation. A fixed set of numbers, whatever the age.
package struct CountDispersion: Sendable, Equatable {
    /// The units that were added.
    package internal(set) var units = 0
    /// The running Mantel-Haenszel sums: events of each side, weighed by the other side's share.
    var experimentSum = 0.0
    var controlSum = 0.0
    /// The sum of the experiment's shares of the exposure.
    var shareSum = 0.0
    /// The sum of the variances of all units, and of those with a residual.
    var information = 0.0
    package internal(set) var residualVariance = 0.0
    /// The sum of squared residuals, and of products with the residual 1 to 8 units earlier.
    package internal(set) var squares = 0.0
    package internal(set) var products = SIMD8<Double>.zero
    /// The latest residuals, newest first; 0 where there are none yet.
    var recent = SIMD8<Double>.zero
    /// Sums of each unit's variance and of its square, at the failing bound and at the running ratio.
    var boundVariance = 0.0
    var boundVarianceSquares = 0.0
    var ratioVariance = 0.0
    var ratioVarianceSquares = 0.0

    package init() {}

    /// Adds a unit in which both sides have exposure; the share lies between 0 and 1, and neither is meant.
    ///
    /// - Parameters:
    ///   - experiment: events of the experiment.
    ///   - control: events of the control.
    ///   - share: the experiment's share of the exposure.
    ///   - failRatio: the failing bound of the ratio.
    mutating func add(experiment: Double, control: Double, share: Double, failRatio: Double) {
        let total = experiment + control
        let before = 0.5 * (shareSum + share) / Double(units + 1)
        let expected = Self.expectedShare(share, (experimentSum + before) / (controlSum + before))
        addResidual(experiment - total * expected, variance: total * expected * (1 - expected))
        experimentSum += experiment * (1 - share)
        controlSum += control * share
        shareSum += share
        units += 1
        let after = 0.5 * shareSum / Double(units)
        let atRatio = Self.expectedShare(share, (experimentSum + after) / (controlSum + after))
        let atBound = Self.expectedShare(share, failRatio)
        addVariances(total * atBound * (1 - atBound), total * atRatio * (1 - atRatio))
    }

    /// Adds a unit that consists of strata, each with a share of its own and the same ratio.
    ///
    /// - Parameter share: the experiment's share of the exposure of the whole unit.
    mutating func add(strata: [CountsUnit], share: Double, failRatio: Double) {
        let before = 0.5 * (shareSum + share) / Double(units + 1)
        let expected = Residual(strata, (experimentSum + before) / (controlSum + before))
        addResidual(expected.difference, variance: expected.variance)
        for stratum in strata {
            guard let own = stratum.share else { continue }
            experimentSum += stratum.experimentEvents * (1 - own)
            controlSum += stratum.controlEvents * own
        }
        shareSum += share
        units += 1
        let after = 0.5 * shareSum / Double(units)
        addVariances(
            Residual(strata, failRatio).variance,
            Residual(strata, (experimentSum + after) / (controlSum + after)).variance
        )
    }

    /// The sums over the strata of a unit at a ratio.
    private struct Residual {
        var difference = 0.0
        var variance = 0.0

        init(_ strata: [CountsUnit], _ ratio: Double) {
            for stratum in strata {
                guard let share = stratum.share else { continue }
                let total = stratum.experimentEvents + stratum.controlEvents
                let expected = CountDispersion.expectedShare(share, ratio)
                difference += stratum.experimentEvents - total * expected
                variance += total * expected * (1 - expected)
            }
        }
    }

    /// Adds how far a unit lies from what the earlier ones made expect; the first one has nothing to be compared with.
    mutating func addResidual(_ difference: Double, variance: Double) {
        if information > 0 {
            let residual = variance > 0 ? difference * (information / (information + variance)).squareRoot() : 0
            residualVariance += variance
            squares += residual * residual
            products += residual * recent
            for lag in stride(from: 7, to: 0, by: -1) { recent[lag] = recent[lag - 1] }
            recent[0] = residual
        }
        information += variance
    }

    mutating func addVariances(_ atBound: Double, _ atRatio: Double) {
        boundVariance += atBound
        boundVarianceSquares += atBound * atBound
        ratioVariance += atRatio
        ratioVarianceSquares += atRatio * atRatio
    }

    /// The experiment's share of the events at a ratio of the rates.
    static func expectedShare(_ share: Double, _ ratio: Double) -> Double {
        share * ratio / (1 - share + share * ratio)
    }

    /// The long-run variance of the residuals as a multiple of the binomial one, over 4 or 8 lags; nil without residuals.
    func longRunVariance(lags: Int) -> Double? {
        guard residualVariance > 0 else { return nil }
        var sum = 0.0
        for lag in 1...lags { sum += (1 - Double(lag) / Double(lags + 1)) * products[lag - 1] }
        return max(squares, squares + 2 * sum) / residualVariance
    }

    /// The dispersion by which log likelihoods are divided, 1 or more: what the residuals show, with a prior of 10 units at
    /// 1, but no less than the floor.
    ///
    /// Dividing by any number of 1 or more, also one computed from all data, adds no false alarm: the mean of powers of at
    /// most 1 is at most the power of the mean.
    ///
    /// - Parameter elapsed: the units since the analysis began, for a run that started later: noise that was slow then is
    ///   slow still, and shows at the scale of all of them.
    package func dispersion(_ noise: CountNoise, elapsed: Int = 0) -> Double {
        var dispersion = 1.0
        if let observed = longRunVariance(lags: 4) {
            dispersion = max(1, (10 + Double(units - 1) * observed) / (10 + Double(units) - 1))
        }
        dispersion = max(dispersion, floor(noise, max(units, elapsed)))
        return dispersion.isFinite ? dispersion : .greatestFiniteMagnitude
    }

    /// The least dispersion that the noise known from before the release leaves possible.
    private func floor(_ noise: CountNoise, _ scale: Int) -> Double {
        // Between pods of one side there may be lasting differences, which no unit of time shows.
        let pods = 1 + noise.podVariance * boundVariance
        switch noise.source {
        case .none: return pods
        case .pairs(let floor): return max(floor, pods)
        case .assumed(let variance): return max(shared(variance), pods)
        case .learned(let learned):
            var floor = shared(learned.variance(units: scale))
            // Once the concurrent data show how much of the noise both sides share, the floor gives way to them.
            if units >= 8, let observed = longRunVariance(lags: 8) {
                floor = min(floor, (8 + 160 / Double(units)) * max(1, observed))
            }
            return max(floor, pods)
        }
    }

    /// The floor for a long-run variance of one side's relative rate.
    private func shared(_ variance: Double) -> Double {
        guard boundVariance > 0, ratioVariance > 0 else { return 1 }
        return max(
            1 + 2 * variance * boundVarianceSquares / boundVariance,
            1 + 2 * variance * ratioVarianceSquares / ratioVariance
        )
    }

    /// A floor learned from pairs of both sides before the release, when neither ran it: their own dispersion, and a margin
    /// for how few they are. 1 without residuals.
    package var floorForPairs: Double {
        guard let observed = longRunVariance(lags: 8) else { return 1 }
        let floor = observed * (1 + 3 / (Double(units) / 8).squareRoot())
        return floor.isFinite ? max(1, floor) : .greatestFiniteMagnitude
    }
}
