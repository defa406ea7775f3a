/// Evidence as a score of 0 to 100: 100 is harm disproven, 50 is nothing known, 0 is harm proven.
package enum EvidenceScore {
    /// The score of a metric with a weight (its part of the level, sum 1).
    package static func score(
        logFail: Double,
        logPass: Double,
        weight: Double,
        _ levels: DecisionLevels = .standard
    ) -> Double {
        let weight = weight > 0 && weight <= 1 ? weight : 1
        let fail = share(logFail, of: levels.logFailing(share: weight))
        let pass = share(logPass, of: levels.logPassing)
        return fail >= 1 ? 0 : 50 * (1 + pass - fail)
    }

    /// How much of the evidence needed is there, 0 to 1.
    private static func share(_ evidence: Double, of needed: Double) -> Double {
        evidence > 0 && needed > 0 ? min(1, evidence / needed) : 0
    }

    /// The mean of scores by weight, for a group and for the whole; nil without any weight.
    package static func mean(_ scores: [(score: Double, weight: Double)]) -> Double? {
        let usable = scores.filter { $0.weight > 0 && $0.weight.isFinite && !$0.score.isNaN }
        let total = usable.reduce(0) { $0 + $1.weight }
        guard total > 0, total.isFinite else { return nil }
        return usable.reduce(0) { $0 + $1.score * $1.weight } / total
    }

    /// The score of the whole where harm is shown: below the score from which on a release is marginal.
    package static func failed(_ score: Double, marginal: Double) -> Double { min(score, max(0, marginal - 1)) }
}
