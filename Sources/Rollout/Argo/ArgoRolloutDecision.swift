import Analysis
import EventFormats

/// What to do to a Rollout for an action. A pure function of the object, the verdict and the settings.
enum ArgoRolloutDecision: Sendable, Equatable {
    /// Merge this into the status; `mark` is set first.
    case patchStatus(JSONObject, mark: ArgoPromotionMark?, detail: String)
    case alreadyDone(String)
    case held(String)
    case superseded(String)
    /// Will not work until somebody changes something.
    case refused(String)
    /// The Rollout is on its way to a state in which the action can be performed.
    case wait(String)

    static func decide(
        _ action: PlannedAction,
        id: String,
        on rollout: ArgoRolloutState,
        options: ArgoRolloutOptions
    ) -> ArgoRolloutDecision {
        // What the controller has not seen yet, its status does not describe.
        guard rollout.observedGeneration == String(rollout.generation) else {
            return .wait("The Rollout's controller has not taken in its last change yet.")
        }
        switch ArgoRevision.check(action.verdict, rollout) {
        case .same: break
        case .other(let reason): return .superseded(reason)
        case .unknown(let reason):
            guard options.allowUnguarded else { return .held(reason) }
        }
        switch action.kind {
        case .abort: return abort(rollout)
        case .promote: return promote(rollout, id: id, inFull: options.promotesInFull)
        case .advance: return promote(rollout, id: id, inFull: false)
        case .hold, .none: return .held("A \(action.kind.rawValue) asks for no change.")
        }
    }

    private static func abort(_ rollout: ArgoRolloutState) -> ArgoRolloutDecision {
        if rollout.isAborted { return .alreadyDone("The Rollout was aborted already.") }
        guard rollout.currentPodHash != rollout.stablePodHash else {
            return .refused("The Rollout has finished and cannot be aborted any more; roll back by hand.")
        }
        return .patchStatus(["abort": .bool(true)], mark: nil, detail: "The Rollout was aborted.")
    }

    private static func promote(_ rollout: ArgoRolloutState, id: String, inFull: Bool) -> ArgoRolloutDecision {
        if rollout.isAborted { return .superseded("The Rollout was aborted meanwhile.") }
        guard rollout.currentPodHash != rollout.stablePodHash else {
            return .alreadyDone("The Rollout has finished already.")
        }
        if rollout.isPromotedInFull { return .alreadyDone("The Rollout is being promoted in full already.") }
        if rollout.isPausedBySpec { return .held("Somebody paused the Rollout (spec.paused); it stays paused.") }
        if inFull {
            return .patchStatus(["promoteFull": .bool(true)], mark: nil, detail: "The Rollout was promoted in full.")
        }
        return promoteStep(rollout, id: id)
    }

    private static func promoteStep(_ rollout: ArgoRolloutState, id: String) -> ArgoRolloutDecision {
        let mark = ArgoPromotionMark(action: id, step: rollout.stepIndex)
        if let earlier = rollout.mark.flatMap({ ArgoPromotionMark(text: $0) }), earlier.action == id {
            let hasMoved = earlier.step != rollout.stepIndex
            if hasMoved || (rollout.pauseReasons.isEmpty && rollout.currentStep != .analysis) {
                return .alreadyDone("This action promoted the Rollout already.")
            }
        }
        let place = rollout.stepIndex.map { " at step \($0 + 1) of \(rollout.steps.count)" } ?? ""
        let detail = "The Rollout was promoted\(place)."
        let next = rollout.stepIndex.map { JSONValue.integer(min($0 + 1, rollout.steps.count)) }
        if rollout.isInconclusive {
            let patch: JSONObject = [
                "pauseConditions": .null, "controllerPause": .bool(false), "currentStepIndex": next,
            ]
            return .patchStatus(patch, mark: mark, detail: detail)
        }
        if !rollout.pauseReasons.isEmpty {
            return .patchStatus(["pauseConditions": .null], mark: mark, detail: detail)
        }
        if rollout.currentStep == .analysis {
            return .patchStatus(["pauseConditions": .null, "currentStepIndex": next], mark: mark, detail: detail)
        }
        if let index = rollout.stepIndex, index >= rollout.steps.count {
            return .alreadyDone("All steps of the Rollout are done; it finishes by itself.")
        }
        return .wait("The Rollout is on its way to its next pause.")
    }
}
