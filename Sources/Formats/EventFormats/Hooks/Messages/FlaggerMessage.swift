import Analysis
import JSON
import Text

/// What Flagger posts to a webhook of a canary (pkg/controller/webhook.go): the canary, its phase, and a checksum that
/// tells one revision of it from the next. The metadata is its owner's.
enum FlaggerMessage {
    /// Which message of an `event` hook says that a revision gets traffic from now on. Other messages of the phase repeat
    /// that, and "New revision detected!" still has the checksum of the old revision.
    private static let beginning = "Starting canary analysis"

    static func read(_ body: JSONObject) throws(HookError) -> HookContent {
        let phase = try body.required("phase")
        switch phase {
        case "Progressing":
            if let text = body.object("metadata").text("eventMessage"), !text.hasPrefix(beginning) {
                return .ignored(
                    "of Flagger's messages \"\(beginning) …\" begins an analysis, and not \"\(text.excerpt())\""
                )
            }
            return .deployment(try canary(body, phase: .deployed))
        case "Failed", "Terminating", "Terminated": return .deployment(try canary(body, phase: .cancelled))
        default: return .ignored("Flagger's phase \(phase.excerpt()) begins and ends no analysis")
        }
    }

    /// A hook without a time is of one attempt: its checksum tells it from others.
    static func canary(_ body: JSONObject, phase: DeployEvent.Phase) throws(HookError) -> HookedDeployment {
        let (name, namespace) = (try body.required("name"), try body.required("namespace"))
        let checksum = try body.required("checksum")
        let time = body.object("metadata").text("timestamp")
        let identity = EventIdentity(
            source: "/flagger/\(namespace)/\(name)",
            id: [checksum, phase.rawValue, time].compactMap(\.self).joined(separator: "/")
        )
        var deployment = HookedDeployment(identity, phase, of: body)
        deployment.time = time.flatMap { Int64($0) }.map { Timestamp(milliseconds: $0) }
        deployment[.application] = name
        deployment[.namespace] = namespace
        deployment[.version] = checksum
        try deployment.take(body["metadata"]?.object)
        return deployment
    }
}
