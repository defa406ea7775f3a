import Analysis
import Judging

/// A person's decision, in an analysis and in the verdict that it is.
struct DecisionForm: Codable {
    var kind: String
    var actor: String
    var reason: String
    var at: Timestamp

    init(_ decision: PersonDecision) {
        kind = decision.kind.rawValue
        actor = decision.actor
        reason = decision.reason
        at = decision.at
    }

    var value: PersonDecision {
        PersonDecision(kind: PersonDecision.Kind(named: kind), actor: actor, reason: reason, at: at)
    }
}

/// The same with what tells a repeated request.
struct KeptDecisionForm: Codable {
    var decision: DecisionForm
    var key: String?
    var verdict: String

    init(_ kept: KeptDecision) {
        decision = DecisionForm(kept.decision)
        key = kept.key
        verdict = kept.verdict
    }

    var value: KeptDecision { KeptDecision(decision: decision.value, key: key, verdict: verdict) }
}

/// A person's opinion on a verdict.
struct FeedbackForm: Codable {
    var verdict: String
    var opinion: String
    var actor: String
    var note: String?
    var at: Timestamp

    init(_ feedback: VerdictFeedback) {
        verdict = feedback.verdict
        opinion = feedback.opinion.rawValue
        actor = feedback.actor
        note = feedback.note
        at = feedback.at
    }

    var value: VerdictFeedback {
        VerdictFeedback(
            verdict: verdict,
            opinion: VerdictFeedback.Opinion(named: opinion),
            actor: actor,
            note: note,
            at: at
        )
    }
}
