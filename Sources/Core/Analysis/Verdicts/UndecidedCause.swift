import Judging

/// Why a final verdict says nothing about the release.
package enum UndecidedCause: String, Sendable, CaseIterable {
    case unreachable
    case overloaded
    case partialData
    case noData
    case tooFewSamples
    /// All metrics were judged, and the judge found no answer in them.
    case judge
    case notJudgeable
    case noPlan
    case superseded
    case cancelled
    case expired

    init(_ cause: HoldCause) {
        self =
            switch cause {
            case .unreachable: .unreachable
            case .overloaded: .overloaded
            case .partialData: .partialData
            case .noData: .noData
            case .tooFewSamples: .tooFewSamples
            }
    }
}

extension Verdict {
    /// Nil for an interim verdict, and for one that passes, fails or is marginal.
    package var undecidedCause: UndecidedCause? {
        guard kind == .final, status != .completed || result == .inconclusive else { return nil }
        switch status {
        case .completed: return heldCause ?? .judge
        case .errored:
            if ReasonOpening.noPlan.begins(reason) { return .noPlan }
            return ReasonOpening.gaveUp.begins(reason) ? heldCause ?? .unreachable : .notJudgeable
        case .cancelled:
            if ReasonOpening.superseded.begins(reason) { return .superseded }
            return ReasonOpening.expired.begins(reason) ? .expired : .cancelled
        }
    }

    /// The gravest cause that a metric was waited for, as a session chooses it.
    private var heldCause: UndecidedCause? {
        let held = Set(metrics.compactMap(\.held))
        return HoldCause.allCases.first { held.contains($0) }.map(UndecidedCause.init)
    }
}
