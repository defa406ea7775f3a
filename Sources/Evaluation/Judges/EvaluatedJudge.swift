/// A judge at work on one analysis: it sees the units of one look after another.
package protocol EvaluatedJudge {
    /// Takes in the next look: a unit of each metric. Nil as long as the judge wants to see more.
    mutating func look(_ units: [EvaluatedUnit]) -> EvaluatedDecision?

    /// Whether the release passes when the last look has brought no decision.
    func passesAtEnd() -> Bool
}

/// What ends an analysis ahead of its last look.
package enum EvaluatedDecision: Sendable, Equatable {
    case fail
    case pass
}

/// The judges and rules that can be evaluated, by name.
package enum EvaluatedJudges {
    package static let names = [
        SequentialLooks.name, SequentialLooks.nameWithoutHistory, NetflixACALooks.name, NetflixACALooks.nameOfOnce,
        ThresholdRule.name, MannWhitneyRule.name, MannWhitneyRule.nameOfGated,
    ]

    /// Those that are compared when none are named.
    package static let standard = [SequentialLooks.name, NetflixACALooks.name, ThresholdRule.name]

    /// A judge at the beginning of an analysis; nil where there is none of that name, or it cannot judge such metrics.
    static func make(_ name: String, for analysis: EvaluatedAnalysis) -> (any EvaluatedJudge)? {
        switch name {
        case SequentialLooks.name: SequentialLooks(analysis)
        case SequentialLooks.nameWithoutHistory: SequentialLooks(analysis, withHistory: false)
        case NetflixACALooks.name: NetflixACALooks(analysis, looksAtEndOnly: false)
        case NetflixACALooks.nameOfOnce: NetflixACALooks(analysis, looksAtEndOnly: true)
        case ThresholdRule.name: ThresholdRule(analysis)
        case MannWhitneyRule.name: MannWhitneyRule(analysis, gate: 1)
        case MannWhitneyRule.nameOfGated: MannWhitneyRule(analysis, gate: 1.1)
        default: nil
        }
    }
}
