import Analysis
import EventFormats
package import Kubernetes

/// Promotes and aborts Argo Rollouts.
///
/// Every write is preceded by a look at the object: it must still roll out the revision that was judged, and the write
/// fails if anything changed in between. Then the object is looked at again.
package struct ArgoRolloutActuator: Actuator {
    package let name = "argo-rollout"
    private let options: ArgoRolloutOptions
    private let client: ArgoRolloutClient

    package init(options: ArgoRolloutOptions = ArgoRolloutOptions(), client: ArgoRolloutClient) {
        self.options = options
        self.client = client
    }

    package func handles(_ kind: ActionKind) -> Bool { kind.changesRelease }

    package func perform(_ action: PlannedAction) async throws(ActuatorError) -> ActuatorOutcome {
        guard let namespace = action.verdict.namespace ?? options.defaultNamespace else {
            throw ActuatorError(.permanent, "The verdict names no namespace, and no default namespace is configured.")
        }
        let rollout = action.verdict.workload ?? action.verdict.application
        for _ in 0...options.maximumConflicts {
            let actuation: ArgoActuation
            do throws(KubernetesError) {
                actuation = try await attempt(action, namespace: namespace, name: rollout)
            } catch {
                guard error.code == .conflict else { throw Self.actuatorError(error, "\(namespace)/\(rollout)") }
                continue
            }
            return try Self.outcome(of: actuation)
        }
        // The names are valid, or there would have been no conflict.
        throw ActuatorError(.transient, "Rollout \(rollout) was changed by others each time it was to be patched.")
    }

    /// Reads, decides and patches once. Throws what the API server refused, a conflict among it.
    private func attempt(
        _ action: PlannedAction,
        namespace: String,
        name rolloutName: String
    ) async throws(KubernetesError) -> ArgoActuation {
        let rollout = try await client.read(namespace: namespace, name: rolloutName)
        let id = RolloutAction.id(verdictID: action.verdict.id, actuator: name)
        let actuation = ArgoActuation.decide(action, id: id, on: rollout, options: options)
        if case .patch(let patch, _) = actuation { try await client.apply(patch) }
        return actuation
    }

    private static func outcome(of actuation: ArgoActuation) throws(ActuatorError) -> ActuatorOutcome {
        switch actuation {
        case .patch(_, let detail): return .done(detail)
        case .alreadyDone(let detail): return .alreadyDone(detail)
        case .held(let reason): return .held(reason)
        case .superseded(let reason): throw ActuatorError(.superseded, reason)
        case .refused(let reason): throw ActuatorError(.permanent, reason)
        case .wait(let reason): throw ActuatorError(.transient, reason)
        }
    }

    private static func actuatorError(_ error: KubernetesError, _ rollout: String) -> ActuatorError {
        switch error.code {
        case .notFound: ActuatorError(.permanent, "There is no Rollout \(rollout).")
        // A service account's token may be being renewed.
        case .forbidden where error.status == 401:
            ActuatorError(.transient, error.message, retryAfter: error.retryAfter)
        case _ where error.isTransient: ActuatorError(.transient, error.message, retryAfter: error.retryAfter)
        default: ActuatorError(.permanent, error.message)
        }
    }
}
