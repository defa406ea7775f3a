import Judging

/// What a request to decide about an analysis comes to.
package enum DecisionOutcome: Sendable, Equatable {
    /// It led to this verdict.
    case decided(Verdict)
    /// The verdict of this id says the same already, or the same request led to it.
    case unchanged(verdict: String)
    case refused(DecisionRefusal)
}

/// Why a person's decision is not taken.
package enum DecisionRefusal: Sendable, Equatable {
    /// The analysis has ended: there is nothing to cancel.
    case ended(Verdict)
    /// The caller knows another final verdict than the analysis has, or none.
    case changed(Verdict?)
    /// A person has decided otherwise, and the caller does not say that it is known.
    case decidedBefore(PersonDecision)
    /// The version was replaced or withdrawn, or its event came too late.
    case replaced(String)
    /// The key names a request that decided something else.
    case keyOfAnother(PersonDecision)
    case tooMany
    /// A kind of decision that only a newer version knows.
    case unknownKind(String)

    /// One sentence.
    package var sentence: String {
        switch self {
        case .ended(let verdict):
            "the analysis has ended (\(verdict.status.rawValue), \(verdict.result.rawValue)): there is nothing to cancel"
        case .changed(let verdict?):
            "the verdict has changed since it was seen: it is \(verdict.id) now"
                + " (\(verdict.status.rawValue), \(verdict.result.rawValue): \(verdict.reason))"
        case .changed(nil): "the analysis has no final verdict yet, and the request names one as seen"
        case .decidedBefore(let decision):
            "\(decision.actor) decided otherwise at \(decision.at) (\(decision.kind.rawValue): \(decision.reason));"
                + " name that verdict as seen to decide against it"
        case .replaced(let why): "nothing is decided about a version that is not the newest one any more: \(why)"
        case .keyOfAnother(let decision):
            "the request of this Idempotency-Key decided \(decision.kind.rawValue) at \(decision.at)"
        case .tooMany:
            "\(AnalysisSession.maximumDecisions) decisions were made about this analysis, and no more are taken"
        case .unknownKind(let name): "there is no decision \(name)"
        }
    }
}

extension AnalysisSession {
    /// More than people make; a bound for programs that decide to and fro.
    static let maximumDecisions = 20
    /// Of so many callers the opinion is kept, those who told it last.
    static let maximumFeedback = 50
    /// What a caller names as seen who has seen no final verdict.
    package static let unseen = "none"

    /// Takes a person's decision. One about a running analysis ends it; one about an analysis that has ended makes a further
    /// final verdict, which replaces its verdict.
    ///
    /// - Parameters:
    ///   - key: names the request.
    ///   - seen: the final verdict that the person knows, or `unseen`; nil where the request does not say.
    ///   - replacement: why the version is not the newest one any more; nil where it is.
    package mutating func decide(
        _ decision: PersonDecision,
        key: String? = nil,
        seen: String? = nil,
        replacement: String? = nil
    ) -> DecisionOutcome {
        if let key, let known = decisions.first(where: { $0.key == key }) {
            guard known.decision.kind == decision.kind else { return .refused(.keyOfAnother(known.decision)) }
            return .unchanged(verdict: known.verdict)
        }
        guard decision.kind.isKnown else { return .refused(.unknownKind(decision.kind.rawValue)) }
        let verdict: Verdict
        if let final = finalVerdict {
            if final.says(decision.kind) { return .unchanged(verdict: final.id) }
            if decision.kind == .cancel { return .refused(.ended(final)) }
            if let seen, seen != final.id { return .refused(.changed(final)) }
            if let before = final.decision, seen == nil { return .refused(.decidedBefore(before)) }
            if !final.canBeOverruled { return .refused(.replaced(final.reason)) }
            if let replacement { return .refused(.replaced(replacement)) }
            guard decisions.count < Self.maximumDecisions else { return .refused(.tooMany) }
            verdict = final.overruled(by: decision, id: "\(id)/decision/\(decisions.count + 1)")
            finalVerdict = verdict
        } else {
            if let seen, seen != Self.unseen { return .refused(.changed(nil)) }
            guard case .publish(let ended)? = handle(.decided(decision), at: decision.at).first else {
                return .refused(.unknownKind(decision.kind.rawValue))
            }
            verdict = ended
        }
        decisions.append(KeptDecision(decision: decision, key: key, verdict: verdict.id))
        return .decided(verdict)
    }

    /// Keeps an opinion on the final verdict, in the place of the same caller's earlier one. Returns whether it is new.
    package mutating func keep(_ opinion: VerdictFeedback) -> Bool {
        if let known = feedback.first(where: { $0.actor == opinion.actor && $0.verdict == opinion.verdict }),
            known.opinion == opinion.opinion, known.note == opinion.note
        {
            return false
        }
        feedback.removeAll { $0.actor == opinion.actor && $0.verdict == opinion.verdict }
        feedback = (feedback + [opinion]).suffix(Self.maximumFeedback)
        return true
    }
}

extension Verdict {
    /// A person's decision about an analysis that had a final verdict.
    package var isFurther: Bool { decision != nil && id != "\(session)/final" }

    /// Whether a decision of that kind would say nothing new.
    fileprivate func says(_ kind: PersonDecision.Kind) -> Bool {
        let isFirm = status == .completed && !(hold?.mayBeOutage ?? false)
        return switch kind {
        case .approve: isFirm && result == .pass
        case .abort: isFirm && result == .fail
        case .cancel: status == .cancelled
        case .unknown: false
        }
    }

    /// A version that was replaced or withdrawn is not decided about; one whose analysis a person cancelled may be.
    fileprivate var canBeOverruled: Bool {
        switch status {
        case .completed, .errored: true
        case .cancelled: decision != nil
        case .unknown: false
        }
    }

    /// Keeps what was measured, and neither scores nor what was waited for: readers that go by them must not find another
    /// answer there than in the result.
    fileprivate func overruled(by decision: PersonDecision, id: String) -> Verdict {
        var verdict = self
        verdict.id = id
        verdict.status = .completed
        verdict.result = decision.kind == .approve ? .pass : .fail
        verdict.score = nil
        verdict.groups = []
        verdict.reason = "\(decision.sentence) (it was \(status.rawValue), \(result.rawValue))"
        verdict.hold = nil
        verdict.cause = nil
        // A reader that orders verdicts by time must find the later one later.
        verdict.decidedAt = max(decision.at, decidedAt + .milliseconds(1))
        verdict.decision = decision
        return verdict
    }
}
