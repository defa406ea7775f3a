/// A change to one Rollout as it was read: what is sent, and what must still hold when it is.
package struct ArgoRolloutPatch: Sendable, Equatable {
    /// As the `kubectl argo rollouts` plug-in calls them.
    package enum Verb: String, Sendable, CaseIterable {
        /// On to the next step.
        case promote
        /// To the end, past analyses, pauses and steps.
        case promoteFull = "promote-full"
        /// Back to the stable version.
        case abort
        /// The aborted version again, from the first step.
        case retry
    }

    /// One request. Specification and status are separate resources, so that one patch cannot change both.
    package struct Change: Sendable, Equatable {
        package enum Target: Sendable, Equatable {
            case annotations
            case specification
            /// The `status` subresource; the object itself where there is none (Argo Rollouts before 0.10).
            case status
        }

        package var target: Target
        package var members: [String: KubernetesValue]

        /// The JSON merge patch (RFC 7386). The API server answers 409 unless the object still has that version.
        package func body(resourceVersion: String) -> KubernetesValue {
            let version = KubernetesValue.string(resourceVersion)
            switch target {
            case .annotations: return ["metadata": ["resourceVersion": version, "annotations": .object(members)]]
            case .specification: return ["metadata": ["resourceVersion": version], "spec": .object(members)]
            case .status: return ["metadata": ["resourceVersion": version], "status": .object(members)]
            }
        }
    }

    package let verb: Verb
    /// The Rollout the decision was made on.
    package let rollout: ArgoRollout
    /// In the order in which they are sent; never empty.
    package let changes: [Change]

    init(_ verb: Verb, _ rollout: ArgoRollout, _ changes: [Change]) {
        self.verb = verb
        self.rollout = rollout
        self.changes = changes
    }

    /// Whether the current step ends with the patch, and not only a pause at it.
    package var endsStep: Bool {
        changes.contains { $0.target == .status && $0.members["currentStepIndex"] != nil }
    }

    /// The patch with an annotation set first, under the same guard. One that is in place already is not sent.
    package func annotated(_ name: String, _ value: String) -> ArgoRolloutPatch {
        guard rollout.annotations[name] != value else { return self }
        let change = Change(target: .annotations, members: [name: .string(value)])
        return ArgoRolloutPatch(verb, rollout, [change] + changes)
    }

    /// Whether a Rollout read later is still at the point the decision was made at, whatever else changed in it.
    ///
    /// - Parameter generation: of the specification after this patch's own changes to it.
    func fits(_ later: ArgoRollout, generation: Int64?) -> Bool {
        later.uid == rollout.uid && later.generation == generation && later.currentPodHash == rollout.currentPodHash
            && later.stableRS == rollout.stableRS && later.currentStepIndex == rollout.currentStepIndex
            && later.abort == rollout.abort && later.promoteFull == rollout.promoteFull
    }
}
