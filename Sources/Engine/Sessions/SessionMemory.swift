import Analysis
package import Judging

/// What an evaluation needs of all that came before its look, as the session's judge keeps it.
package enum SessionMemory: Sendable {
    /// Every sample: the judge sees whole windows.
    case samples(SampleHistory)
    /// By metric: what the judge has made of the samples.
    case states([Int: SequentialState])

    /// Of an analysis that has not looked yet.
    static func empty(for session: AnalysisSession) -> SessionMemory {
        guard session.plan.judge != SequentialJudge.name else { return .states([:]) }
        return .samples(SampleHistory(start: session.schedule.start, step: session.plan.schedule.step))
    }

    /// In numbers of 8 bytes.
    var size: Int {
        switch self {
        case .samples(let history): history.count
        case .states(let states): states.count * Self.numbersPerState
        }
    }

    private static let numbersPerState = 1_000
}
