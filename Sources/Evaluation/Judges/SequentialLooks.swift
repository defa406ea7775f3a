import Judging

/// The sequential judge over looks of one unit each, with the defaults of a plan: harm and harmlessness at 5 % each, an early
/// end either way.
struct SequentialLooks: EvaluatedJudge {
    static let name = "sequential"
    /// Without the control's past: the noise is assumed, not measured.
    static let nameWithoutHistory = "sequential-without-history"

    private var states: [SequentialMetric]

    /// Nil for metrics that it cannot judge.
    init?(_ analysis: EvaluatedAnalysis, withHistory: Bool = true) {
        states = []
        for metric in analysis.metrics {
            guard let state = SequentialMetric(metric, of: analysis, withHistory: withHistory) else { return nil }
            states.append(state)
        }
    }

    mutating func look(_ units: [EvaluatedUnit]) -> EvaluatedDecision? {
        for index in states.indices { states[index].fold(units[index]) }
        if let past = states.compactMap(\.outcome).first {
            switch past {
            case .fail: return .fail
            case .pass: return .pass
            case .goOn, .inconclusive: return nil
            }
        }
        switch CombinedEvidence(states.map(\.evidence)).decision {
        case .goOn: return nil
        case .fail: return .fail
        case .pass: return .pass
        }
    }

    func passesAtEnd() -> Bool { false }
}
