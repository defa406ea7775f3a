/// Reads Rollouts and applies guarded patches to them.
package struct ArgoRolloutClient: Sendable {
    /// How often one change is sent when other clients change the object meanwhile, after the same patch has changed the
    /// specification.
    private static let maximumAttempts = 4

    private let client: KubernetesClient

    package init(_ client: KubernetesClient) {
        self.client = client
    }

    /// Throws ``KubernetesError``.
    package func read(namespace: String, name: String) async throws(KubernetesError) -> ArgoRollout {
        let path = try KubernetesPath(.argoRollouts, namespace: namespace, name: name)
        return try Self.rollout(try await client.get(path), namespace: namespace, name: name)
    }

    /// Applies a patch and answers with the Rollout as it is then.
    ///
    /// Throws ``KubernetesError``; `conflict` when the Rollout has changed since it was read, in which case it should
    /// be read and decided on again.
    @discardableResult
    package func apply(_ patch: ArgoRolloutPatch) async throws(KubernetesError) -> ArgoRollout {
        var rollout = patch.rollout
        var hasChangedSpecification = false
        for change in patch.changes {
            // The guard is that of the decision until the specification is changed. That makes the Rollout's controller
            // write, and all that is left to guard is that the Rollout is still at the point decided on.
            rollout =
                hasChangedSpecification
                ? try await follow(change, of: patch, after: rollout) : try await send(change, to: rollout)
            hasChangedSpecification = hasChangedSpecification || change.target == .specification
        }
        return rollout
    }

    /// Writes on a Rollout what was done to it, whatever has changed in it since. Throws ``KubernetesError``.
    package func annotate(_ rollout: ArgoRollout, _ annotations: [String: String]) async throws(KubernetesError) {
        let path = try KubernetesPath(.argoRollouts, namespace: rollout.namespace, name: rollout.name)
        let body: KubernetesValue = ["metadata": ["annotations": .object(annotations.mapValues { .string($0) })]]
        _ = try await client.patch(path, contentType: .mergePatch, body: body)
    }

    /// Records an Event about a Rollout; one of the same name is left as it is. Throws ``KubernetesError``.
    package func record(_ event: KubernetesEvent, about rollout: ArgoRollout) async throws(KubernetesError) {
        let path = try KubernetesPath(collection: .events, namespace: rollout.namespace)
        do throws(KubernetesError) {
            _ = try await client.create(in: path, body: event.body(about: rollout))
        } catch {
            guard error.code == .conflict else { throw error }
        }
    }

    private func follow(
        _ change: ArgoRolloutPatch.Change,
        of patch: ArgoRolloutPatch,
        after previous: ArgoRollout
    ) async throws(KubernetesError) -> ArgoRollout {
        var rollout = previous
        var attempts = 1
        while true {
            do throws(KubernetesError) {
                return try await send(change, to: rollout)
            } catch {
                guard error.code == .conflict, attempts < Self.maximumAttempts else { throw error }
                attempts += 1
                rollout = try await read(namespace: rollout.namespace, name: rollout.name)
                guard patch.fits(rollout, generation: previous.generation) else { throw error }
            }
        }
    }

    private func send(
        _ change: ArgoRolloutPatch.Change,
        to rollout: ArgoRollout
    ) async throws(KubernetesError) -> ArgoRollout {
        let body = change.body(resourceVersion: rollout.resourceVersion)
        let main = try KubernetesPath(.argoRollouts, namespace: rollout.namespace, name: rollout.name)
        guard change.target == .status else { return try await send(body, to: main, of: rollout) }
        let status = try KubernetesPath(
            .argoRollouts,
            namespace: rollout.namespace,
            name: rollout.name,
            subresource: "status"
        )
        do throws(KubernetesError) {
            return try await send(body, to: status, of: rollout)
        } catch {
            // 404 says that the Rollout was deleted, or that its definition has no status subresource.
            guard error.code == .notFound else { throw error }
            return try await send(body, to: main, of: rollout)
        }
    }

    private func send(
        _ body: KubernetesValue,
        to path: KubernetesPath,
        of rollout: ArgoRollout
    ) async throws(KubernetesError) -> ArgoRollout {
        let answer = try await client.patch(path, contentType: .mergePatch, body: body)
        return try Self.rollout(answer, namespace: rollout.namespace, name: rollout.name)
    }

    private static func rollout(
        _ object: KubernetesValue,
        namespace: String,
        name: String
    ) throws(KubernetesError) -> ArgoRollout {
        let rollout = try ArgoRollout(object)
        guard rollout.namespace == namespace, rollout.name == name else {
            throw KubernetesError(.malformed, "The answer is another Rollout than \(namespace)/\(name).")
        }
        return rollout
    }
}
