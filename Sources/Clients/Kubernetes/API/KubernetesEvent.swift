/// An Event of the core API, as `kubectl describe` shows it under an object.
package struct KubernetesEvent: Sendable, Equatable {
    /// Unique to what is told: the same name again is the same Event.
    package var name: String
    /// One word in camel case.
    package var reason: String
    /// Sentences for people; Kubernetes takes 1024 bytes.
    package var message: String
    package var isWarning: Bool
    /// RFC 3339.
    package var time: String

    package init(name: String, reason: String, message: String, isWarning: Bool, time: String) {
        self.name = name
        self.reason = reason
        self.message = message
        self.isWarning = isWarning
        self.time = time
    }

    private static let maximumMessageBytes = 1024

    func body(about rollout: ArgoRollout) -> KubernetesValue {
        var involved: [String: KubernetesValue] = [
            "apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "namespace": .string(rollout.namespace),
            "name": .string(rollout.name), "resourceVersion": .string(rollout.resourceVersion),
        ]
        involved["uid"] = rollout.uid.map { .string($0) }
        return [
            "apiVersion": "v1", "kind": "Event",
            "metadata": ["name": .string(name), "namespace": .string(rollout.namespace)],
            "involvedObject": .object(involved), "reason": .string(reason),
            "message": .string(Self.bounded(message)), "type": isWarning ? "Warning" : "Normal",
            "firstTimestamp": .string(time), "lastTimestamp": .string(time), "count": 1,
            "source": ["component": "assay-rollout"], "reportingComponent": "assay-rollout",
        ]
    }

    private static func bounded(_ text: String) -> String {
        guard text.utf8.count > maximumMessageBytes else { return text }
        var bytes = 0
        let beginning = text.prefix { character in
            bytes += character.utf8.count
            return bytes <= maximumMessageBytes - 3
        }
        return beginning + "…"
    }
}
