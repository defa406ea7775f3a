import Analysis
import JSON
import Text

/// Events of Keptn 1 (keptn/spec): a finished deployment begins an analysis, a finished rollback ends it. Labels of the event
/// say what it has no place for.
enum KeptnEvent {
    private static let prefix = "sh.keptn.event."

    /// Nil for the events of others.
    static func read(
        _ event: CloudEvent,
        data: (CloudEvent) throws(HookError) -> JSONObject
    ) throws(HookError) -> HookContent? {
        guard event.type.hasPrefix(prefix) else { return nil }
        let phase: DeployEvent.Phase
        switch event.type.dropFirst(prefix.count) {
        case "deployment.finished": phase = .deployed
        case "rollback.finished": phase = .cancelled
        default: return .ignored("events of type \(event.type.excerpt(100)) begin and end no analysis")
        }
        let data = try data(event)
        guard ["pass", "warning"].contains(data.text("result")?.lowercased() ?? "pass"),
            (data.text("status")?.lowercased() ?? "succeeded") == "succeeded"
        else {
            return .ignored("the deployment did not come about")
        }
        var found = HookedDeployment(EventIdentity(source: event.source, id: event.id), phase, of: data)
        found.time = event.time
        found[.application] = try data.required("service")
        found[.environment] = try data.required("stage")
        found[.version] = data.object("deployment").text("gitCommit")
        found[.revision] = data.object("deployment").text("gitCommit")
        try found.take(data["labels"]?.object)
        return .deployment(found)
    }
}
