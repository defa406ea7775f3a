package import Analysis
import JSON

/// Writes deploy events as `DeployEventDecoder` reads them.
package enum DeployEventEncoder {
    /// The trace context travels as the extension `traceparent`; a plan that is a JSON object goes in as one.
    package static func encode(_ event: DeployEvent) -> CloudEvent {
        let data: JSONObject = [
            "application": .string(event.application),
            "environment": .string(event.environment),
            "namespace": event.namespace.map { .string($0) },
            "cluster": event.cluster.map { .string($0) },
            "zone": event.zone.map { .string($0) },
            "nodes": event.nodes.map { .array($0.map { .string($0) }) },
            "version": .string(event.version),
            "imageDigest": event.imageDigest.map { .string($0) },
            "revision": event.revision.map { .string($0) },
            "workload": event.workload.map { .string($0) },
            "phase": .string(event.phase.rawValue),
            "time": event.time.map { .string($0.rfc3339) },
            "control": event.control.map(control),
            "experiment": event.experiment.map { .object(["labels": labels($0)]) },
            "weight": event.weight.map { .double($0) },
            "planName": event.planName.map { .string($0) },
            "plan": event.inlinePlan.map(plan),
        ]
        var extensions: [String: String] = [:]
        extensions["traceparent"] = event.traceparent
        return CloudEvent(
            id: event.identity.id,
            source: event.identity.source,
            type: DeployEventDecoder.type,
            subject: "\(event.application)/\(event.environment)",
            time: event.time,
            dataContentType: "application/json",
            extensions: extensions,
            data: JSONValue.object(data).jsonBytes
        )
    }

    private static func control(_ scope: ControlScope) -> JSONValue {
        switch scope {
        case .labels(let values): .object(["labels": labels(values)])
        case .before(let offset): .object(["before": .string(offset.compactText)])
        }
    }

    private static func labels(_ labels: ScopeLabels) -> JSONValue {
        var object = JSONObject()
        for (name, value) in labels.sorted(by: { $0.key < $1.key }) { object[name] = .string(value) }
        return .object(object)
    }

    private static func plan(_ text: String) -> JSONValue {
        // The plan lies two levels inside a structured event.
        let maximumDepth = EventLimits().maximumDepth - 2
        guard let value = try? JSONParser.parse(Array(text.utf8), maximumDepth: maximumDepth), value.object != nil
        else { return .string(text) }
        return value
    }
}
