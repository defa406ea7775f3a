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
            case specification
            /// The `status` subresource; the object itself where there is none (Argo Rollouts before 0.10).
            case status
        }

        package var target: Target
        package var members: [String: KubernetesValue]

        /// The JSON merge patch (RFC 7386). The API server answers 409 unless the object still has that version.
        package func body(resourceVersion: String) -> KubernetesValue {
            let field = target == .specification ? "spec" : "status"
            return .object(["metadata": ["resourceVersion": .string(resourceVersion)], field: .object(members)])
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

    /// Whether a Rollout read later is still at the point the decision was made at, whatever else changed in it.
    ///
    /// - Parameter generation: of the specification after this patch's own changes to it.
    func fits(_ later: ArgoRollout, generation: Int64?) -> Bool {
        later.uid == rollout.uid && later.generation == generation && later.currentPodHash == rollout.currentPodHash
            && later.stableRS == rollout.stableRS && later.currentStepIndex == rollout.currentStepIndex
            && later.abort == rollout.abort && later.promoteFull == rollout.promoteFull
    }
}
