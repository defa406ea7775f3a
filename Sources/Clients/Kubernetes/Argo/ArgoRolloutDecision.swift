/// What a verb comes to for a Rollout as it stands. The texts are one sentence each.
package enum ArgoRolloutDecision: Sendable, Equatable {
    case patch(ArgoRolloutPatch)
    /// The Rollout is already where the verb would bring it.
    case alreadyDone(String)
    /// The verb cannot or must not be carried out; a person decides.
    case held(String)
    /// Its controller has not caught up with its specification; worth reading again in a moment.
    case unsettled(String)
}

extension ArgoRolloutPatch {
    package static func decide(_ verb: Verb, _ rollout: ArgoRollout) -> ArgoRolloutDecision {
        switch verb {
        case .promote: promote(rollout)
        case .promoteFull: promoteFull(rollout)
        case .abort: abort(rollout)
        case .retry: retry(rollout)
        }
    }

    /// Why nothing can be decided on a Rollout as it stands, whatever the verb; nil when it can.
    package static func obstacle(_ rollout: ArgoRollout) -> ArgoRolloutDecision? {
        if rollout.isBeingDeleted { return .held("The rollout is being deleted.") }
        guard rollout.isObserved, rollout.currentPodHash != nil else {
            return .unsettled("The Argo Rollouts controller has not yet seen the newest specification.")
        }
        return nil
    }

    /// Ends a pause, or goes on from an analysis or experiment to the step after it.
    ///
    /// Promoting is not idempotent: a Rollout promoted once may be at its next pause already. A caller that repeats
    /// itself passes the step that it saw first.
    ///
    /// - Parameter step: the index of the step to leave; a Rollout at another step is left alone.
    package static func promote(_ rollout: ArgoRollout, from step: Int? = nil) -> ArgoRolloutDecision {
        if let settled = guardRelease(rollout, .promote) { return settled }
        if let step, let current = rollout.currentStepIndex, current != step {
            return .alreadyDone("The rollout is at step \(current) and no longer at step \(step).")
        }
        var changes: [Change] = []
        // The plug-in patches the status first. With the specification first, a failure in between leaves the pause
        // conditions where they are, so that promoting again ends this pause and cannot skip the next step.
        if rollout.isSpecPaused {
            changes.append(Change(target: .specification, members: ["paused": false]))
        }
        if let members = statusOfPromotion(rollout) {
            changes.append(Change(target: .status, members: members))
        }
        guard changes.isEmpty else { return .patch(ArgoRolloutPatch(.promote, rollout, changes)) }
        if rollout.currentStepIndex == rollout.stepCount, rollout.stepCount > 0 {
            return .alreadyDone("The rollout has left its last step behind.")
        }
        return .unsettled("The rollout is neither paused nor at an analysis step.")
    }

    /// Only while there is something to promote: the plug-in's own condition.
    package static func promoteFull(_ rollout: ArgoRollout) -> ArgoRolloutDecision {
        if let settled = guardRelease(rollout, .promoteFull) { return settled }
        guard !rollout.promoteFull else { return .alreadyDone("The rollout is being fully promoted.") }
        return status(.promoteFull, rollout, ["promoteFull": true])
    }

    package static func abort(_ rollout: ArgoRollout) -> ArgoRolloutDecision {
        if let settled = obstacle(rollout) { return settled }
        guard !rollout.abort else { return .alreadyDone("The rollout is aborted.") }
        guard rollout.stableRS != nil else { return .held("The rollout has no stable version to go back to.") }
        guard !rollout.isFullyPromoted else {
            return .held("The rollout is fully promoted, so that aborting would not take the version back.")
        }
        return status(.abort, rollout, ["abort": true])
    }

    package static func retry(_ rollout: ArgoRollout) -> ArgoRolloutDecision {
        if let settled = obstacle(rollout) { return settled }
        guard rollout.abort else { return .alreadyDone("The rollout is not aborted.") }
        return status(.retry, rollout, ["abort": false])
    }

    /// What promoting changes in the status, or nil. One of the two is done, never both: pauses end, or the step does,
    /// except that a step whose analysis was inconclusive is itself what holds the rollout.
    private static func statusOfPromotion(_ rollout: ArgoRollout) -> [String: KubernetesValue]? {
        // At the last step the next index is the number of steps, which the controller reads as "all done".
        let next = rollout.currentStepIndex.map { KubernetesValue.integer(Int64($0) + 1) }
        let isAtAnalysis = rollout.currentStep?.isAnalysis ?? false
        if rollout.hasPauseConditions {
            // Overruling what runs in the background must not cost the step.
            guard rollout.isStepInconclusive, let next else { return ["pauseConditions": nil] }
            return ["pauseConditions": nil, "controllerPause": false, "currentStepIndex": next]
        }
        guard isAtAnalysis, let next else { return nil }
        return ["pauseConditions": nil, "currentStepIndex": next]
    }

    private static func status(
        _ verb: Verb,
        _ rollout: ArgoRollout,
        _ members: [String: KubernetesValue]
    ) -> ArgoRolloutDecision {
        .patch(ArgoRolloutPatch(verb, rollout, [Change(target: .status, members: members)]))
    }

    private static func guardRelease(_ rollout: ArgoRollout, _ verb: Verb) -> ArgoRolloutDecision? {
        if let settled = obstacle(rollout) { return settled }
        if rollout.isFullyPromoted { return .alreadyDone("The rollout is fully promoted.") }
        if rollout.abort { return .held("The rollout is aborted; it has to be retried before it can be promoted.") }
        if verb == .promote, rollout.promoteFull { return .alreadyDone("The rollout is being fully promoted.") }
        return nil
    }
}
