import Analysis
import Foundation
import JSON
import Text

/// Events about services of CDEvents, of its versions 0.4 and 0.5. `customData` says what they have no place for.
enum CDEvent {
    static let prefix = "dev.cdevents."

    static func read(_ event: JSONObject) throws(HookError) -> HookContent {
        let (context, subject) = (event.object("context"), event.object("subject"))
        let type = try context.required("type")
        // The type ends with a version of its own.
        let words = type.split(separator: ".").dropFirst(2).prefix(2).joined(separator: ".")
        let phase: DeployEvent.Phase
        switch words {
        case "service.deployed", "service.upgraded": phase = .deployed
        case "service.rolledback", "service.removed": phase = .cancelled
        case "environment.created", "environment.modified", "environment.deleted":
            return .deployment(try environment(event, words))
        default: return .ignored("events of type \(type.excerpt(100)) begin and end no analysis")
        }
        let identity = EventIdentity(source: try context.required("source"), id: try context.required("id"))
        var found = HookedDeployment(identity, phase, of: event)
        found.time = context.text("timestamp").flatMap { Timestamp(rfc3339: $0) }
        found[.application] = try subject.required("id").split(separator: "/").last.map(String.init)
        found[.environment] = subject.object("content").object("environment").text("id")
        let place = (subject.text("source") ?? "").split(separator: "/")
        if place.count == 2 { (found[.cluster], found[.namespace]) = (String(place[0]), String(place[1])) }
        if let artifact = subject.object("content").text("artifactId") {
            let (version, digest) = try artifactVersion(artifact)
            found[.version] = version
            found[.imageDigest] = digest
        }
        try found.take(event["customData"]?.object)
        return .deployment(found)
    }

    /// What applications run on was changed. Where, `customData` says: the name of an environment is no place.
    private static func environment(_ event: JSONObject, _ words: String) throws(HookError) -> HookedDeployment {
        let (context, subject) = (event.object("context"), event.object("subject"))
        let identity = EventIdentity(source: try context.required("source"), id: try context.required("id"))
        var found = HookedDeployment(identity, .deployed, of: event)
        found.time = context.text("timestamp").flatMap { Timestamp(rfc3339: $0) }
        found[.kind] = ChangeKind.infrastructure.rawValue
        found[.environment] = try subject.required("id")
        found[.summary] = words
        try found.take(event["customData"]?.object)
        return found
    }

    /// Version and digest in a package URL (`pkg:oci/name@sha256%3A…?tag=1.2`): the tag where it has one, which people know
    /// the version by.
    private static func artifactVersion(_ text: String) throws(HookError) -> (version: String?, digest: String?) {
        guard text.hasPrefix("pkg:") else { throw HookError("artifactId: \(text.excerpt(100)) is no package URL") }
        let parts = text.split(separator: "#")[0].split(separator: "?", maxSplits: 1)
        let version = parts[0].split(separator: "@", maxSplits: 1).dropFirst().first.flatMap {
            String($0).removingPercentEncoding
        }
        let tag = parts.dropFirst().first?.split(separator: "&").first { $0.hasPrefix("tag=") }.flatMap {
            String($0.dropFirst("tag=".count)).removingPercentEncoding
        }
        let digest = version.flatMap { $0.hasPrefix("sha256:") ? $0 : nil }
        return (tag ?? version, digest)
    }
}
