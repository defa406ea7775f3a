package import Analysis
import EventFormats
import Judging

/// Why a verdict is passed over without a word on the rollouts topic.
package enum DropReason: String, Sendable, CaseIterable {
    /// The policy does not cover its application, environment or cluster.
    case outOfScope
    /// Its action was published before.
    case repeated
    /// Its analysis had another final verdict before.
    case decidedBefore
    /// It is not final.
    case interim
}

package enum RolloutDecision: Sendable, Equatable {
    case drop(DropReason)
    case plan(PlannedAction)
}

extension RolloutLedger {
    /// What to do about a verdict that was noted with ``note(_:of:)`` before.
    ///
    /// - Parameter overtaken: what noting the verdict returned. A rollout event then puts the newer analysis on record,
    ///   so that a verdict of the overtaken one is recognised as stale after a restart too.
    package func decide(
        _ verdict: Verdict,
        policy: RolloutPolicy,
        overtaken: NewestAnalysis? = nil
    ) -> RolloutDecision {
        guard policy.covers(verdict) else { return .drop(.outOfScope) }
        guard !hasAnswered(verdict: verdict.id) else { return .drop(.repeated) }
        let newer = analysis(overtaking: verdict)
        guard verdict.kind == .final else {
            guard let overtaken, newer == nil else { return .drop(.interim) }
            let reason =
                "The analysis of version \(overtaken.version) was overtaken by that of version \(verdict.version)"
                + " before its final verdict."
            return .plan(PlannedAction(kind: .none, reason: reason, verdict: verdict))
        }
        if let newer {
            return .plan(PlannedAction(kind: .none, reason: Self.staleReason(verdict, newer: newer), verdict: verdict))
        }
        let release = ReleaseKey(application: verdict.application, environment: verdict.environment)
        if let known = newestAnalysis(of: release), known.session == verdict.session, let first = known.finalVerdict,
            first != verdict.id
        {
            return .drop(.decidedBefore)
        }
        let kind = policy.action(for: verdict)
        return .plan(PlannedAction(kind: kind, reason: Self.reason(verdict, kind: kind), verdict: verdict))
    }

    /// Why a verdict is stale, in one sentence.
    package static func staleReason(_ verdict: Verdict, newer: NewestAnalysis) -> String {
        "The verdict about version \(verdict.version) is stale: the analysis of version \(newer.version) was opened"
            + " after it, at \(newer.openedAt)."
    }

    private static func reason(_ verdict: Verdict, kind: ActionKind) -> String {
        guard verdict.status == .completed else {
            return "The analysis of version \(verdict.version) was \(verdict.status.rawValue): \(verdict.reason)"
        }
        return "The result for version \(verdict.version) is \(verdict.result.rawValue): \(verdict.reason)"
    }
}
