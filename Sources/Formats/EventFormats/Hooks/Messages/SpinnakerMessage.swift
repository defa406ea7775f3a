import Analysis
import Foundation
import JSON
import Text

/// An event of Spinnaker's Echo: as it is, wrapped (`eventName`, `payload`), or flattened (`details` and `content` as texts).
/// Spinnaker knows no version and no environment: a profile says where they stand.
enum SpinnakerMessage {
    /// Stages that give a version traffic.
    private static let deploying: Set<String> = [
        "deploy", "createServerGroup", "cloneServerGroup", "deployManifest", "deployService",
        "deployCloudFoundryService",
    ]

    static func read(_ body: JSONObject) throws(HookError) -> HookContent {
        var event = body["payload"]?.object.flatMap { body["eventName"] == nil ? nil : $0 } ?? body
        for name in ["details", "content"] {
            guard let text = event[name]?.text else { continue }
            guard let value = try? JSONParser.parse(Array(text.utf8), maximumDepth: 32), value.object != nil else {
                throw HookError("\(name): is a text that holds no JSON object")
            }
            event[name] = value
        }
        let (details, content) = (event.object("details"), event.object("content"))
        let type = try details.required("type")
        let context = content.object("context")
        let stage = context.object("stageDetails").text("type") ?? context.text("type")
        let phase: DeployEvent.Phase
        switch (type, stage) {
        case ("orca:stage:complete", let stage?) where deploying.contains(stage): phase = .deployed
        case ("orca:pipeline:failed", _): phase = .cancelled
        default:
            let name = [type, stage].compactMap(\.self).joined(separator: " ").excerpt(100)
            return .ignored("Spinnaker's event \(name) begins and ends no analysis")
        }
        let application = try details.required("application")
        let identity = EventIdentity(source: "/spinnaker/\(application)", id: try event.required("eventId"))
        var found = HookedDeployment(identity, phase, of: event)
        found[.application] = application
        if let created = details.text("created").flatMap({ Int64($0) }) ?? details["created"]?.integer {
            found.time = Timestamp(milliseconds: created)
        }
        return .deployment(found)
    }
}
