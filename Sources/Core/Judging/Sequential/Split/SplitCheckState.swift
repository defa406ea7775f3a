/// Whether requests are split as declared: the experiment's share of all requests against the share that the event names.
///
/// Evidence that the odds are off by more than the tolerance, in either direction. With its own dispersion: a split that
/// wanders is no wrong split. A warning: the evidence about errors goes by the share that was seen.
package struct SplitCheckState: Sendable, Equatable {
    /// How much the ratio may be off; 0.25 means 4/5 to 5/4.
    package let tolerance: Double
    var engine: LikelihoodRatioEngine
    var dispersion: CountDispersion
    /// Units that count, and those that do not: without a split or with numbers that cannot be counted.
    package internal(set) var folded = 0
    package internal(set) var refused = 0
    /// Requests of the experiment, of both sides, and those that the experiment should have had.
    package internal(set) var experimentRequests = 0.0
    package internal(set) var requests = 0.0
    package internal(set) var declaredRequests = 0.0

    package static let standardTolerance = 0.25
    /// Nothing is said before the fourth unit.
    private static let fewestUnits = 4
    /// Evidence from which on the split counts as wrong.
    package static let warning = 100.0

    /// Nothing seen yet.
    ///
    /// - Throws: `SequentialRuleError` for a tolerance that is not above 0, or reaches the end of the grid.
    package init(tolerance: Double = standardTolerance) throws(SequentialRuleError) {
        guard tolerance > 0, let fail = RatioMixture(.above, 1 + tolerance, .split),
            let pass = RatioMixture(.below, 1 / (1 + tolerance), .split)
        else { throw .number("the tolerance of the split", tolerance) }
        self.tolerance = tolerance
        engine = LikelihoodRatioEngine(fail: fail, pass: pass)
        dispersion = CountDispersion()
    }

    /// Adds a unit.
    ///
    /// - Parameters:
    ///   - experiment: requests of the experiment.
    ///   - requests: those of both sides.
    ///   - declared: the experiment's share by the event, 0 to 1; at the ends there is no split to check.
    package mutating func fold(experiment: Double, of requests: Double, declared: Double) {
        guard declared > 1e-12, declared < 1 - 1e-12, experiment >= 0, requests >= experiment,
            requests <= LikelihoodRatioEngine.largestCount
        else {
            refused += 1
            return
        }
        folded += 1
        dispersion.add(
            experiment: experiment,
            control: requests - experiment,
            share: declared,
            failRatio: engine.fail.ratio
        )
        engine.add(experiment, of: requests, share: declared)
        experimentRequests += experiment
        self.requests += requests
        declaredRequests += requests * declared
    }

    /// By what log likelihoods are divided: what the residuals show, with a prior of 4 units at 4.
    package var dispersionOfShares: Double {
        let prior = 3 + Double(folded)
        guard let observed = dispersion.longRunVariance(lags: 4) else { return max(1, 16 / prior) }
        let dispersion = max(1, (16 + (Double(folded) - 1) * observed) / prior)
        return dispersion.isFinite ? dispersion : .greatestFiniteMagnitude
    }

    /// ln of the evidence that the split is not the declared one; nil before the fourth unit.
    package var logEvidence: Double? {
        guard folded >= Self.fewestUnits else { return nil }
        let dispersion = dispersionOfShares
        let mean = LogSum.ofMean(engine.logFail(dispersion: dispersion), engine.logPass(dispersion: dispersion))
        return mean.isNaN ? nil : mean
    }

    /// The split is not the declared one.
    package var isWrong: Bool { (logEvidence ?? 0) >= Elementary.log(Self.warning) }

    /// The experiment's share as declared and as seen, over all units; nil without requests.
    package var shares: (declared: Double, seen: Double)? {
        requests > 0 ? (declaredRequests / requests, experimentRequests / requests) : nil
    }
}
