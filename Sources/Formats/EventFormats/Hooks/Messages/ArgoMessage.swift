import Analysis
import JSON
import Text

/// A notification of Argo with the whole object: `{"rollout": …}` of Argo Rollouts, or `{"app": …}` of Argo CD. Annotations
/// of the object that begin with `assay.dev/` say what it has no place for.
enum ArgoMessage {
    static func read(_ body: JSONObject) throws(HookError) -> HookContent {
        if let rollout = body["rollout"]?.object { return try read(rollout: rollout, of: body) }
        if let application = body["app"]?.object { return try read(application: application, of: body) }
        throw HookError("neither rollout nor app: send the whole object of the notification under one of these names")
    }

    // MARK: - Argo Rollouts

    private static func read(rollout: JSONObject, of body: JSONObject) throws(HookError) -> HookContent {
        let (metadata, status) = (rollout.object("metadata"), rollout.object("status"))
        let (name, namespace) = (try metadata.required("name"), try metadata.required("namespace"))
        let hash = try status.required("currentPodHash")
        let paused = status["pauseConditions"]?.elements?.first?.object?.text("startTime")
        let (phase, moment): (DeployEvent.Phase, String)
        switch (status["abort"]?.boolean == true, status.text("phase"), paused) {
        case (true, _, _), (_, "Degraded", _):
            // Each attempt of a revision can be aborted.
            guard let attempt = status.text("abortedAt") ?? metadata.text("resourceVersion") else {
                throw HookError("metadata.resourceVersion: is missing, or is no text: send the whole object")
            }
            (phase, moment) = (.cancelled, "aborted/\(attempt)")
        case (_, "Paused", let start?): (phase, moment) = (.deployed, start)
        case (_, let other, _):
            return .ignored("a Rollout in phase \((other ?? "").excerpt()) begins and ends no analysis")
        }
        let identity = EventIdentity(source: "/argo-rollouts/\(namespace)/\(name)", id: "\(hash)/\(moment)")
        var found = HookedDeployment(identity, phase, of: body)
        found.time = phase == .deployed ? Timestamp(rfc3339: moment) : nil
        found.weight = phase == .deployed ? weight(rollout) : nil
        found[.application] = name
        found[.workload] = name
        found[.namespace] = namespace
        found[.revision] = hash
        found[.version] = tag(of: rollout)
        found.experiment = ["rollouts_pod_template_hash": hash]
        found.control = status.text("stableRS").map { .labels(["rollouts_pod_template_hash": $0]) }
        try found.take(annotations(metadata))
        return .deployment(found)
    }

    /// What the step before the pause set.
    private static func weight(_ rollout: JSONObject) -> Double? {
        let steps = rollout.object("spec").object("strategy").object("canary")["steps"]?.elements ?? []
        guard let next = rollout.object("status")["currentStepIndex"]?.integer, (1...Int64(steps.count)).contains(next)
        else { return nil }
        return steps[Int(next) - 1].object?["setWeight"]?.doubleValue
    }

    /// The tag of the image, where there is one container with one.
    private static func tag(of rollout: JSONObject) -> String? {
        let template = rollout.object("spec").object("template").object("spec")
        guard let containers = template["containers"]?.elements, containers.count == 1,
            let image = containers[0].object?.text("image"), !image.contains("@"),
            let name = image.split(separator: "/").last, let colon = name.firstIndex(of: ":")
        else { return nil }
        return String(name[name.index(after: colon)...])
    }

    // MARK: - Argo CD

    private static func read(application: JSONObject, of body: JSONObject) throws(HookError) -> HookContent {
        let (metadata, status) = (application.object("metadata"), application.object("status"))
        let operation = status.object("operationState")
        let name = try metadata.required("name")
        let phase: DeployEvent.Phase
        switch (try operation.required("phase"), status.object("health").text("status")) {
        case ("Succeeded", "Healthy"): phase = .deployed
        case ("Failed", _), ("Error", _): phase = .cancelled
        case (let other, let health):
            let words = "\(other), \(health ?? "no health")".excerpt()
            return .ignored("an application whose sync is \(words) begins and ends no analysis")
        }
        let revision = try operation.object("syncResult").required("revision")
        let finished = try operation.required("finishedAt")
        let source = ["/argo-cd", metadata.text("namespace"), name].compactMap(\.self).joined(separator: "/")
        let identity = EventIdentity(source: source, id: "\(revision)/\(finished)/\(phase.rawValue)")
        var found = HookedDeployment(identity, phase, of: body)
        found.time = Timestamp(rfc3339: finished)
        let destination = application.object("spec").object("destination")
        found[.application] = name
        found[.namespace] = destination.text("namespace")
        found[.cluster] = destination.text("name")
        found[.version] = revision
        found[.revision] = revision
        try found.take(annotations(metadata))
        return .deployment(found)
    }

    private static func annotations(_ metadata: JSONObject) -> JSONObject {
        var own = JSONObject()
        for (name, value) in metadata.object("annotations").members where name.hasPrefix("assay.dev/") {
            own[String(name.dropFirst("assay.dev/".count))] = value
        }
        // Annotations are texts.
        if let weight = own["weight"]?.text.flatMap(Double.init) { own["weight"] = .double(weight) }
        return own
    }
}
