import Analysis
import Judging

/// The cause of a verdict of form 1, which holds it only in its sentence: the beginnings that version 0.1.0 wrote.
/// Nothing but old verdicts is read so.
enum FirstFormCause {
    static func of(_ verdict: Verdict) -> UndecidedCause? {
        guard verdict.kind == .final, verdict.status != .completed || verdict.result == .inconclusive else {
            return nil
        }
        switch verdict.status {
        case .completed: return held(verdict) ?? .judge
        case .errored:
            if verdict.reason.hasPrefix("no plan: ") { return .noPlan }
            return verdict.reason.hasPrefix("gave up: ") ? held(verdict) ?? .unreachable : .notJudgeable
        case .cancelled:
            if verdict.reason.hasPrefix("superseded: ") { return .superseded }
            return verdict.reason.hasPrefix("expired: ") ? .expired : .cancelled
        case .unknown: return nil
        }
    }

    /// The gravest cause that a metric was waited for, as a session chooses it.
    private static func held(_ verdict: Verdict) -> UndecidedCause? {
        let held = Set(verdict.metrics.compactMap(\.held))
        return HoldCause.allCases.first { held.contains($0) }.map(UndecidedCause.init)
    }
}
