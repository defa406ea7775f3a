package import Analysis
import JSON

/// The published form of a rollout action: a CloudEvent whose data is `docs/events/rollout.schema.json`.
package enum RolloutEvent {
    package static let type = "dev.assay.rollout.v1"

    package static func encode(_ action: RolloutAction, source: String) -> CloudEvent {
        let data: JSONObject = [
            "verdict": .string(action.verdictID),
            "session": .string(action.session),
            "application": .string(action.application),
            "environment": .string(action.environment),
            "namespace": action.namespace.map { .string($0) },
            "cluster": action.cluster.map { .string($0) },
            "version": .string(action.version),
            "revision": action.revision.map { .string($0) },
            "workload": action.workload.map { .string($0) },
            "action": .string(action.action.rawValue),
            "outcome": .string(action.outcome.rawValue),
            "actuator": .string(action.actuator),
            "reason": .string(action.reason),
            "detail": action.detail.map { .string($0) },
            "at": .string(action.at.rfc3339),
        ]
        var extensions: [String: String] = [:]
        extensions["traceparent"] = action.traceparent
        return CloudEvent(
            id: action.id,
            source: source,
            type: type,
            subject: "\(action.application)/\(action.environment)",
            time: action.at,
            dataContentType: "application/json",
            extensions: extensions,
            data: JSONValue.object(data).jsonBytes
        )
    }

    package static func decode(_ event: CloudEvent) throws(CloudEventError) -> RolloutAction {
        try EventData.read(event, type: type) { (data) throws(JSONFieldError) in
            var action = RolloutAction(
                id: event.id,
                verdictID: try data.required("verdict", try data.text("verdict")),
                session: try data.required("session", try data.text("session")),
                application: try data.required("application", try data.text("application")),
                environment: try data.required("environment", try data.text("environment")),
                version: try data.required("version", try data.text("version")),
                action: try data.required("action", try data.choice("action", of: RolloutAction.Kind.self)),
                outcome: try data.required("outcome", try data.choice("outcome", of: RolloutAction.Outcome.self)),
                actuator: try data.required("actuator", try data.text("actuator")),
                reason: try data.required("reason", try data.text("reason")),
                at: try data.required("at", try data.time("at"))
            )
            action.namespace = try data.text("namespace")
            action.cluster = try data.text("cluster")
            action.revision = try data.text("revision")
            action.workload = try data.text("workload")
            action.detail = try data.text("detail")
            action.traceparent = event.extensions["traceparent"]
            return action
        }
    }
}
