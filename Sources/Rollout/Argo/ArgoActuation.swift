import Analysis
import EventFormats
import Kubernetes

/// What an action comes to for a Rollout. A pure function of the object, the verdict and the settings.
///
/// `Kubernetes` knows what a verb changes; here is when it may be used on behalf of a verdict.
enum ArgoActuation: Sendable, Equatable {
    case patch(ArgoRolloutPatch, detail: String)
    case alreadyDone(String)
    case held(String)
    case superseded(String)
    /// Will not work until a person changes something.
    case refused(String)
    /// The Rollout is on its way to a state in which the action can be performed.
    case wait(String)

    static func decide(
        _ action: PlannedAction,
        id: String,
        on rollout: ArgoRollout,
        options: ArgoRolloutOptions
    ) -> ArgoActuation {
        // What the controller has not seen yet, its status does not describe.
        if let obstacle = ArgoRolloutPatch.obstacle(rollout) { return ArgoActuation(obstacle, detail: "") }
        switch ArgoRevision.check(action.verdict, rollout) {
        case .same: break
        case .other(let reason): return .superseded(reason)
        case .unusable(let reason): return .held(reason)
        case .unknown(let reason):
            guard options.allowUnguarded else { return .held(reason) }
        }
        switch action.kind {
        case .promote where rollout.abort, .advance where rollout.abort:
            return .superseded("The Rollout was aborted meanwhile.")
        case .abort: return abort(rollout, action.verdict)
        case .promote where options.promotesInFull: return promoteFull(rollout, action.verdict)
        case .promote, .advance: return promote(rollout, action.verdict, id: id)
        case .hold, .none, .unknown: return .held("A \(action.kind.rawValue) asks for no change.")
        }
    }

    private static func abort(_ rollout: ArgoRollout, _ verdict: Verdict) -> ArgoActuation {
        switch ArgoRolloutPatch.abort(rollout) {
        case .patch where ArgoMeasuredPause.overruled(verdict, rollout) != nil:
            .superseded(ArgoMeasuredPause.overruled(verdict, rollout) ?? "")
        // The verdict is bad, and the version stays: nothing a hold could stand for.
        case .held(let reason): .refused("\(reason) Roll back by hand.")
        case let decision: ArgoActuation(decision, detail: "The Rollout was aborted.")
        }
    }

    private static func promoteFull(_ rollout: ArgoRollout, _ verdict: Verdict) -> ArgoActuation {
        guardPromotion(
            ArgoRolloutPatch.promoteFull(rollout),
            verdict,
            rollout,
            detail: "The Rollout was promoted in full."
        )
    }

    private static func promote(_ rollout: ArgoRollout, _ verdict: Verdict, id: String) -> ArgoActuation {
        let earlier = rollout.annotations[ArgoPromotionMark.annotation].flatMap { ArgoPromotionMark(text: $0) }
        if let earlier, earlier.action == id, earlier.isFulfilled(by: rollout) {
            return .alreadyDone("This action promoted the Rollout already.")
        }
        let place = rollout.currentStepIndex.map { " at step \($0 + 1) of \(rollout.stepCount)" } ?? ""
        let actuation = guardPromotion(
            ArgoRolloutPatch.promote(rollout),
            verdict,
            rollout,
            detail: "The Rollout was promoted\(place)."
        )
        guard case .patch(let patch, let detail) = actuation else { return actuation }
        let mark = ArgoPromotionMark(
            action: id,
            step: rollout.currentStepIndex,
            extent: patch.endsStep ? .step : .pause
        )
        return .patch(patch.annotated(ArgoPromotionMark.annotation, mark.text), detail: detail)
    }

    /// What a person has paused stays paused, though the verb would end that as well, and what was measured at an earlier
    /// pause does not end a later one.
    private static func guardPromotion(
        _ decision: ArgoRolloutDecision,
        _ verdict: Verdict,
        _ rollout: ArgoRollout,
        detail: String
    ) -> ArgoActuation {
        switch decision {
        case .patch where rollout.isSpecPaused:
            return .held("A person paused the Rollout (spec.paused); it stays paused.")
        case .patch, .unsettled:
            if let obstacle = ArgoMeasuredPause.obstacle(verdict, rollout) { return .held(obstacle) }
        case .alreadyDone, .held: break
        }
        return ArgoActuation(decision, detail: detail)
    }

    private init(_ decision: ArgoRolloutDecision, detail: String) {
        switch decision {
        case .patch(let patch): self = .patch(patch, detail: detail)
        case .alreadyDone(let detail): self = .alreadyDone(detail)
        case .held(let reason): self = .held(reason)
        case .unsettled(let reason): self = .wait(reason)
        }
    }
}
