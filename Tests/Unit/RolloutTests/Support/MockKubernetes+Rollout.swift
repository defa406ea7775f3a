import EventFormats
import JSON

extension MockKubernetes {
    /// A canary Rollout with a pause at step 1, an analysis at step 3 and a pause at step 5.
    static func rollout(
        step: Int = 1,
        pauses: [String] = ["CanaryPauseStep"],
        hash: String = "abc123",
        stable: String = "old999",
        status: JSONObject = [:],
        spec: JSONObject = [:]
    ) -> JSONObject {
        let weight: JSONValue = .object(["setWeight": .integer(10)])
        let pause: JSONValue = .object(["pause": .object([:])])
        let analysis: JSONValue = .object(["analysis": .object([:])])
        var fullStatus: JSONObject = [
            "observedGeneration": .string("7"), "currentPodHash": .string(hash), "stableRS": .string(stable),
            "currentStepIndex": .integer(step),
        ]
        if !pauses.isEmpty {
            fullStatus["pauseConditions"] = .array(pauses.map { .object(["reason": .string($0)]) })
            fullStatus["controllerPause"] = .bool(true)
        }
        for (name, value) in status.members { fullStatus[name] = value }
        let image: JSONValue = .object(
            ["name": .string("shop"), "image": .string("registry.test/shop@sha256:feed")]
        )
        var fullSpec: JSONObject = [
            "strategy": .object(
                ["canary": .object(["steps": .array([weight, pause, weight, analysis, weight, pause])])]
            ),
            "template": .object(["spec": .object(["containers": .array([image])])]),
        ]
        for (name, value) in spec.members { fullSpec[name] = value }
        return [
            "metadata": .object(
                ["name": .string("shop"), "namespace": .string("shop-prod"), "generation": .integer(7)]
            ),
            "spec": .object(fullSpec),
            "status": .object(fullStatus),
        ]
    }
}
