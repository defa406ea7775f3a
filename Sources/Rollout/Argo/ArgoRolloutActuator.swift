import Analysis
import EventFormats

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
        let target = try target(of: action.verdict)
        let id = RolloutAction.id(verdictID: action.verdict.id, actuator: name)
        for _ in 0...options.maximumConflicts {
            let result: Result<ActuatorOutcome, ActuatorError>
            do throws(ArgoRolloutClient.Failure) {
                result = try await attempt(action, id: id, on: target)
            } catch {
                guard error.code == .conflict else { throw Self.actuatorError(error, target) }
                continue
            }
            return try result.get()
        }
        throw ActuatorError(.transient, "Rollout \(target.name) was changed by others each time it was to be patched.")
    }

    /// Reads, decides and patches once. Throws what the API server refused, a conflict among it.
    private func attempt(
        _ action: PlannedAction,
        id: String,
        on target: ArgoRolloutClient.Target
    ) async throws(ArgoRolloutClient.Failure) -> Result<ActuatorOutcome, ActuatorError> {
        let rollout = try await client.read(target)
        switch ArgoRolloutDecision.decide(action, id: id, on: rollout, options: options) {
        case .alreadyDone(let detail): return .success(.alreadyDone(detail))
        case .held(let reason): return .success(.held(reason))
        case .superseded(let reason): return .failure(ActuatorError(.superseded, reason))
        case .refused(let reason): return .failure(ActuatorError(.permanent, reason))
        case .wait(let reason): return .failure(ActuatorError(.transient, reason))
        case .patchStatus(let status, let mark, let detail):
            try await patch(target, rollout, status: status, mark: mark)
            return .success(.done(detail))
        }
    }

    private func patch(
        _ target: ArgoRolloutClient.Target,
        _ rollout: ArgoRolloutState,
        status: JSONObject,
        mark: ArgoPromotionMark?
    ) async throws(ArgoRolloutClient.Failure) {
        var resourceVersion = rollout.resourceVersion
        if let mark, rollout.mark != mark.text {
            let marked = try await client.annotate(
                target,
                resourceVersion: resourceVersion,
                name: ArgoPromotionMark.annotation,
                value: mark.text
            )
            resourceVersion = marked.resourceVersion
        }
        try await client.patchStatus(target, resourceVersion: resourceVersion, status: status)
    }

    private func target(of verdict: Verdict) throws(ActuatorError) -> ArgoRolloutClient.Target {
        guard let namespace = verdict.namespace ?? options.defaultNamespace else {
            throw ActuatorError(.permanent, "The verdict names no namespace, and no default namespace is configured.")
        }
        let name = verdict.workload ?? verdict.application
        guard let target = ArgoRolloutClient.Target(namespace: namespace, name: name) else {
            throw ActuatorError(
                .permanent,
                "\"\(namespace.prefix(64))\" and \"\(name.prefix(64))\" are not names of a namespace and a Rollout."
            )
        }
        return target
    }

    private static func actuatorError(
        _ failure: ArgoRolloutClient.Failure,
        _ target: ArgoRolloutClient.Target
    ) -> ActuatorError {
        switch failure.code {
        case .notFound:
            ActuatorError(.permanent, "There is no Rollout \(target.name) in namespace \(target.namespace).")
        case .unavailable: ActuatorError(.transient, failure.message, retryAfter: failure.retryAfter)
        case .refused, .conflict: ActuatorError(.permanent, failure.message)
        }
    }
}
