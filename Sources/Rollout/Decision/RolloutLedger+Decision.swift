package import Analysis
import EventFormats
import Judging

/// Why a verdict is passed over without a word on the rollouts topic.
package enum DropReason: String, Sendable, CaseIterable {
    /// The policy does not cover its application or environment.
    case outOfScope
    /// It names another cluster than those that this controller serves, or none where one is needed.
    case otherCluster
    /// It names a CloudEvents source that this controller does not believe.
    case otherSource
    /// It names another namespace than those that this controller serves.
    case otherNamespace
    /// Its action was published before.
    case repeated
    /// Its analysis had another final verdict before, and no person decided against that.
    case decidedBefore
    /// It is not final.
    case interim
}

package enum RolloutDecision: Sendable, Equatable {
    case drop(DropReason)
    case plan(PlannedAction)
}

extension RolloutLedger {
    /// What to do about a verdict that was recorded with ``record(_:)`` before.
    ///
    /// - Parameters:
    ///   - overtaken: what noting the verdict returned. A rollout event then puts the newer analysis on record, so that a
    ///     verdict of the overtaken one is recognised as stale after a restart too.
    ///   - retryOf: when the action failed that is asked for again; nil for a verdict as it was published.
    ///   - now: to tell a verdict's age by.
    package func decide(
        _ verdict: Verdict,
        policy: RolloutPolicy,
        overtaken: NewestAnalysis? = nil,
        retryOf: Timestamp? = nil,
        now: Timestamp
    ) -> RolloutDecision {
        if let reason = policy.exclusion(of: verdict.release) { return .drop(reason) }
        if let retryOf {
            guard hasFailed(verdict: verdict.id, at: retryOf) else { return .drop(.repeated) }
        } else {
            guard !hasAnswered(verdict: verdict.id) else { return .drop(.repeated) }
        }
        let newer = analysis(overtaking: verdict)
        guard verdict.kind == .final else {
            guard let overtaken, newer == nil else { return .drop(.interim) }
            let reason =
                "The analysis of version \(overtaken.version) was overtaken by that of version \(verdict.version)"
                + " before its final verdict."
            return .plan(PlannedAction(kind: .none, reason: reason, verdict: verdict))
        }
        if let reason = staleReason(verdict) {
            return .plan(PlannedAction(kind: .none, reason: reason, verdict: verdict))
        }
        if let known = newestAnalysis(of: verdict.release), known.session == verdict.session,
            let first = known.finalVerdict, first != verdict.id
        {
            return .drop(.decidedBefore)
        }
        let kind = policy.action(for: verdict)
        // A person who asks for an action again knows how old its verdict is.
        if retryOf == nil, kind != .none, let reason = policy.ageReason(verdict, at: now) {
            return .plan(PlannedAction(kind: .none, reason: reason, verdict: verdict))
        }
        let reason = policy.distrust(of: verdict) ?? Self.reason(verdict, kind: kind)
        return .plan(PlannedAction(kind: kind, reason: reason, verdict: verdict))
    }

    /// Why a verdict is stale, in one sentence; nil when it is about the newest release and nothing was done since.
    package func staleReason(_ verdict: Verdict) -> String? {
        if let newer = analysis(overtaking: verdict) { return Self.staleReason(verdict, newer: newer) }
        guard let change = change(after: verdict) else { return nil }
        return "The verdict about version \(verdict.version) is stale: the release was answered with"
            + " \(change.kind.rawValue) about a verdict that was decided later, at \(change.decidedAt)."
    }

    /// Why the action on a verdict is not tried any more, in one sentence: it is stale by now, or a person has decided about its
    /// analysis since.
    package func withdrawalReason(_ verdict: Verdict) -> String? {
        if let reason = staleReason(verdict) { return reason }
        guard let known = newestAnalysis(of: verdict.release), known.session == verdict.session, known.isPersons,
            known.finalVerdict != verdict.id
        else { return nil }
        return "A person has decided about version \(verdict.version) since, at \(known.decidedAt)."
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
