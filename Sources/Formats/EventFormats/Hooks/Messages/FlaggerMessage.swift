import Analysis
import JSON
import Text

/// What Flagger posts to a webhook of a canary (pkg/controller/webhook.go): the canary, its phase, and a checksum that
/// tells one revision of it from the next. The metadata is its owner's.
enum FlaggerMessage {
    static func read(_ body: JSONObject) throws(HookError) -> HookContent {
        let (name, namespace) = (try body.required("name"), try body.required("namespace"))
        let (checksum, phase) = (try body.required("checksum"), try body.required("phase"))
        let meaning: DeployEvent.Phase
        switch phase {
        case "Progressing": meaning = .deployed
        case "Failed", "Terminating", "Terminated": meaning = .cancelled
        default: return .ignored("Flagger's phase \(phase.excerpt()) begins and ends no analysis")
        }
        // The same for all of a phase's messages, of which Flagger sends many.
        let identity = EventIdentity(
            source: "/flagger/\(namespace)/\(name)",
            id: "\(checksum)/\(meaning.rawValue)"
        )
        var deployment = HookedDeployment(identity, meaning, of: body)
        deployment[.application] = name
        deployment[.namespace] = namespace
        deployment[.version] = checksum
        try deployment.take(body["metadata"]?.object)
        return .deployment(deployment)
    }
}
