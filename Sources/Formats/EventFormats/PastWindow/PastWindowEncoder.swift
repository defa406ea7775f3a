package import Analysis
package import JSON

/// Writes requests for past windows as `PastWindowDecoder` reads them.
package enum PastWindowEncoder {
    package static func encode(_ request: PastWindowRequest) -> JSONObject {
        let event = request.event
        let control: ScopeLabels? = if case .labels(let labels)? = event.control { labels } else { nil }
        return [
            "application": .string(event.application),
            "environment": .string(event.environment),
            "version": .string(event.version),
            "namespace": event.namespace.map { .string($0) },
            "cluster": event.cluster.map { .string($0) },
            "revision": event.revision.map { .string($0) },
            "weight": event.weight.map { .double($0) },
            "planName": event.planName.map { .string($0) },
            "plan": event.inlinePlan.map { .string($0) },
            "deployedAt": event.time.map { .string($0.rfc3339) },
            "control": side(control, request.controlWindow),
            "experiment": side(event.experiment, request.window),
        ]
    }

    private static func side(_ labels: ScopeLabels?, _ window: TimeWindow?) -> JSONValue? {
        guard labels != nil || window != nil else { return nil }
        var side = JSONObject()
        if let labels {
            var object = JSONObject()
            for (name, value) in labels.sorted(by: { $0.key < $1.key }) { object[name] = .string(value) }
            side["labels"] = .object(object)
        }
        if let window {
            side["start"] = .string(window.start.rfc3339)
            side["end"] = .string(window.end.rfc3339)
        }
        return .object(side)
    }
}
