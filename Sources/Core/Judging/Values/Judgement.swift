/// What a look says about the experiment.
package enum JudgementResult: OpenEnumeration {
    case pass
    case marginal
    case fail
    case inconclusive
    /// A name that a newer version has made.
    case unknown(String)

    package static let allCases: [JudgementResult] = [.pass, .marginal, .fail, .inconclusive]

    package var rawValue: String {
        switch self {
        case .pass: "pass"
        case .marginal: "marginal"
        case .fail: "fail"
        case .inconclusive: "inconclusive"
        case .unknown(let name): name
        }
    }
}

/// What a look's evidence allows to be done with the analysis.
package enum LookDecision: String, Sendable, Codable, CaseIterable {
    /// Only the plan says whether this look ends the analysis.
    case goOn
    /// Harm is shown, at a level that holds for all looks together.
    case failNow
    /// Harm is ruled out, at such a level.
    case passNow
}

/// The outcome of one look: overall, per group, per metric, with every number needed to explain it.
package struct Judgement: Sendable, Equatable, Codable {
    /// The judge's name as plans write it, for example `NetflixACAJudge-v1.0`.
    package var judge: String
    package var result: JudgementResult
    /// 0 to 100 for sane weights; higher is better.
    package var score: Double
    package var decision: LookDecision
    /// Why, in one sentence; empty when there is nothing to say beyond the score.
    package var reason: String
    package var groups: [GroupScore]
    /// In the order in which the pairs were given.
    package var metrics: [MetricJudgement]

    package init(
        judge: String,
        result: JudgementResult,
        score: Double,
        decision: LookDecision = .goOn,
        reason: String,
        groups: [GroupScore],
        metrics: [MetricJudgement]
    ) {
        self.judge = judge
        self.result = result
        self.score = score
        self.decision = decision
        self.reason = reason
        self.groups = groups
        self.metrics = metrics
    }
}

/// The score of the metrics that share a group.
package struct GroupScore: Sendable, Equatable, Codable {
    package var name: String
    /// 0 to 100.
    package var score: Double
    /// The share of the overall score, in percent, that was used for this group.
    package var weight: Double
    /// No metric of the group had data, so `score` says nothing.
    package var noData: Bool

    package init(name: String, score: Double, weight: Double, noData: Bool) {
        self.name = name
        self.score = score
        self.weight = weight
        self.noData = noData
    }
}
