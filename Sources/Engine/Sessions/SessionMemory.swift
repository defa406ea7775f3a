import Analysis
package import Judging

/// What an evaluation needs of all that came before its look, as the session's judge keeps it.
package enum SessionMemory: Sendable {
    /// Every sample: the judge sees whole windows.
    case samples(SampleHistory)
    /// By metric: what the judge has made of the samples.
    case states([Int: SequentialState])

    /// In numbers of 8 bytes.
    var size: Int {
        switch self {
        case .samples(let history): history.count
        case .states(let states): states.count * Self.numbersPerState
        }
    }

    private static let numbersPerState = 1_000
}
