package import Analysis
import EventFormats
package import Kubernetes
package import Logging

/// Promotes and aborts Argo Rollouts.
///
/// Every write is preceded by a look at the object: it must still roll out the revision that was judged, and the write
/// fails if anything changed in between. Then the object is looked at again. What was done is written on the object.
package struct ArgoRolloutActuator: Actuator {
    package let name = "argo-rollout"
    private let options: ArgoRolloutOptions
    private let client: ArgoRolloutClient
    private let now: @Sendable () -> Timestamp
    private let logger: Logger

    /// - Parameter now: wall-clock time, written on the object.
    package init(
        options: ArgoRolloutOptions = ArgoRolloutOptions(),
        client: ArgoRolloutClient,
        now: @escaping @Sendable () -> Timestamp,
        logger: Logger
    ) {
        self.options = options
        self.client = client
        self.now = now
        self.logger = logger
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
        throw ActuatorError(.notYet, "Rollout \(rollout) was changed by others each time it was to be patched.")
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
        if case .patch(let patch, let detail) = actuation {
            let patched = try await client.apply(patch)
            await write(ArgoRecord(action, id: id, on: patched, detail: detail, at: now()), on: patched)
        }
        return actuation
    }

    /// Writes down what was done. That it was done counts, whether or not it can be written down.
    private func write(_ record: ArgoRecord, on rollout: ArgoRollout) async {
        do throws(KubernetesError) { try await client.annotate(rollout, record.annotations) } catch {
            report(error, "annotations", rollout)
        }
        do throws(KubernetesError) { try await client.record(record.event, about: rollout) } catch {
            report(error, "event", rollout)
        }
    }

    private func report(_ error: KubernetesError, _ part: String, _ rollout: ArgoRollout) {
        logger.warning(
            "action was performed but cannot be written on the Rollout",
            metadata: [
                "rollout": "\(rollout.namespace)/\(rollout.name)", "part": "\(part)", "error": "\(error)",
            ]
        )
    }

    private static func outcome(of actuation: ArgoActuation) throws(ActuatorError) -> ActuatorOutcome {
        switch actuation {
        case .patch(_, let detail): return .done(detail)
        case .alreadyDone(let detail): return .alreadyDone(detail)
        case .held(let reason): return .held(reason)
        case .superseded(let reason): throw ActuatorError(.superseded, reason)
        case .refused(let reason): throw ActuatorError(.permanent, reason)
        case .wait(let reason): throw ActuatorError(.notYet, reason)
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
