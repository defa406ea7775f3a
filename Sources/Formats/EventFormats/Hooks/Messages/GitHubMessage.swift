import Analysis
import JSON
import Text

/// A webhook of GitHub about a deployment. What GitHub has no place for stands in the payload of the deployment, which its
/// creator writes. GitHub sends none for the state `inactive`.
enum GitHubMessage {
    static func read(_ body: JSONObject, headers: [EventHeader]) throws(HookError) -> HookContent {
        func header(_ name: String) throws(HookError) -> String {
            let value = headers.first { $0.name.lowercased() == name.lowercased() }?.value
            guard let value, !value.isEmpty else { throw HookError("the header \(name) is missing") }
            return String(decoding: value, as: UTF8.self)
        }
        let event = try header("X-GitHub-Event")
        guard event == "deployment_status" else {
            return .ignored("GitHub's event \(event.excerpt()) begins and ends no analysis")
        }
        let deployment = body.object("deployment")
        let status = body.object("deployment_status")
        if status.text("description")?.hasPrefix(OwnText.gitHubStatus) == true {
            return .ignored("the status of the deployment was written by Assay")
        }
        let payload = payload(of: deployment)
        let state = try status.required("state")
        let phase: DeployEvent.Phase
        switch state {
        case "success": phase = .deployed
        case "in_progress" where payload["canary"]?.boolean == true: phase = .deployed
        case "failure", "error": phase = .cancelled
        default: return .ignored("a deployment with the state \(state.excerpt()) begins and ends no analysis")
        }
        let repository = body.object("repository")
        let identity = EventIdentity(
            source: "/github/\(try repository.required("full_name"))",
            id: try header("X-GitHub-Delivery")
        )
        var found = HookedDeployment(identity, phase, of: body)
        found.time = status.text("created_at").flatMap { Timestamp(rfc3339: $0) }
        found[.application] = repository.text("name")
        found[.environment] = deployment.text("environment")
        found[.version] = deployment.text("sha")
        found[.revision] = deployment.text("sha")
        // Which application a repository is, only its operator says.
        try found.take(payload, except: [.application])
        return .deployment(found)
    }

    /// An object, or the text of one.
    private static func payload(of deployment: JSONObject) -> JSONObject {
        switch deployment["payload"] {
        case .object(let object): object
        case .string(let text): (try? JSONParser.parse(Array(text.utf8), maximumDepth: 16).object) ?? JSONObject()
        default: JSONObject()
        }
    }
}
