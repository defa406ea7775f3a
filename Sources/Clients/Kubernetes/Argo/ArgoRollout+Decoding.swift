import HTTPTransport

extension ArgoRollout {
    /// Reads an object of the API. Fields of the status may be missing, as they are before the controller has seen it.
    ///
    /// Throws ``KubernetesError`` `malformed` without name, namespace or resource version, or for another kind.
    package init(_ object: KubernetesValue) throws(KubernetesError) {
        let metadata = object["metadata"]
        guard let namespace = metadata?["namespace"]?.text, let name = metadata?["name"]?.text,
            let version = metadata?["resourceVersion"]?.text, !version.isEmpty,
            object["kind"].map({ $0.text == "Rollout" }) ?? true
        else {
            throw KubernetesError(.malformed, "The answer is not a Rollout with a name and a resource version.")
        }
        self.init(namespace: namespace, name: name, resourceVersion: version)
        uid = metadata?["uid"]?.text
        generation = metadata?["generation"]?.integer
        isBeingDeleted = metadata?["deletionTimestamp"] != nil
        annotations = metadata?["annotations"]?.members?.compactMapValues(\.text) ?? [:]
        read(spec: object["spec"])
        read(status: object["status"])
    }

    private mutating func read(spec: KubernetesValue?) {
        isSpecPaused = spec?["paused"]?.bool ?? false
        // An empty strategy is sent as `{}`, which is not missing.
        let canary = spec?["strategy"]?["canary"]
        isCanary = canary != nil
        for (index, step) in (canary?["steps"]?.elements ?? []).enumerated() {
            steps.append(Step(step))
            stepWeights[index] = step["setWeight"]?.integer.flatMap { Int(exactly: $0) }
            if step["pause"]?["duration"] != nil { timedPauses.insert(index) }
        }
        let pods = spec?["template"]?["spec"]
        containers = (pods?["containers"]?.elements ?? []).compactMap { container in
            guard let name = container["name"]?.text, let image = container["image"]?.text else { return nil }
            return Container(name: name, image: image)
        }
    }

    private mutating func read(status: KubernetesValue?) {
        observedGeneration = status?["observedGeneration"]?.integer
        currentPodHash = Self.nonEmpty(status?["currentPodHash"])
        stableRS = Self.nonEmpty(status?["stableRS"])
        phase = Self.nonEmpty(status?["phase"]).map { Text.oneLine($0, maximumCharacters: 64) }
        message = Self.nonEmpty(status?["message"]).map { Text.oneLine($0, maximumCharacters: 300) }
        abort = status?["abort"]?.bool ?? false
        promoteFull = status?["promoteFull"]?.bool ?? false
        controllerPause = status?["controllerPause"]?.bool ?? false
        pauseReasons = (status?["pauseConditions"]?.elements ?? []).map {
            Text.oneLine($0["reason"]?.text ?? "unknown", maximumCharacters: 64)
        }
        pausedSince = (status?["pauseConditions"]?.elements ?? []).compactMap { $0["startTime"]?.text }.max()
        resumedAt =
            (status?["conditions"]?.elements ?? [])
            .first { $0["type"]?.text == "Paused" && $0["status"]?.text == "False" }?["lastTransitionTime"]?.text
        routedWeight = status?["canary"]?["weights"]?["canary"]?["weight"]?.integer.flatMap { Int(exactly: $0) }
        stepAnalysisPhase = status?["canary"]?["currentStepAnalysisRunStatus"]?["status"]?.text
        if !steps.isEmpty {
            // The controller leaves the index out at the first step of the first deployment.
            let index = status?["currentStepIndex"]?.integer.flatMap { Int(exactly: $0) } ?? 0
            currentStepIndex = max(0, min(index, steps.count))
        }
    }

    private static func nonEmpty(_ value: KubernetesValue?) -> String? {
        value?.text.flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension ArgoRollout.Step {
    fileprivate init(_ step: KubernetesValue) {
        let names = step.members?.filter { $0.value != .null }.keys
        self = Self.allCases.first { $0 != .other && names?.contains($0.rawValue) == true } ?? .other
    }
}
