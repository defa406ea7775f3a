import HTTPTransport
import Kubernetes

/// A canary in the middle of its steps, and what differs in each test.
enum Fixtures {
    static let steps: [KubernetesValue] = [
        ["setWeight": 20], ["pause": [:]], ["analysis": ["templates": []]], ["experiment": [:]], ["setWeight": 50],
        ["analysis": ["templates": []]],
    ]

    static func rollout(
        step: Int64? = 1,
        spec: [String: KubernetesValue] = [:],
        status: [String: KubernetesValue] = [:]
    ) -> KubernetesValue {
        var specification: [String: KubernetesValue] = [
            "strategy": ["canary": ["steps": .array(steps)]],
            "template": [
                "spec": [
                    "containers": [
                        ["name": "cart", "image": "registry.example/cart@sha256:0a1b"],
                        ["name": "proxy", "image": "envoy:1.31"],
                    ]
                ]
            ],
        ]
        specification.merge(spec) { _, new in new }
        var state: [String: KubernetesValue] = [
            "observedGeneration": "7", "currentPodHash": "new", "stableRS": "old", "phase": "Progressing",
        ]
        state["currentStepIndex"] = step.map { .integer($0) }
        state.merge(status) { _, new in new }
        return [
            "apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout",
            "metadata": [
                "name": "cart", "namespace": "shop", "uid": "u-1", "generation": 7, "resourceVersion": "100",
            ],
            "spec": .object(specification),
            "status": .object(state),
        ]
    }

    static func paused(_ reasons: String...) -> [String: KubernetesValue] {
        [
            "pauseConditions": .array(reasons.map { ["reason": .string($0), "startTime": "2026-01-02T03:04:05Z"] }),
            "controllerPause": true,
        ]
    }

    static func client(_ api: any HTTPExecuting) throws -> KubernetesClient {
        KubernetesClient(configuration: try KubernetesConfiguration(server: "http://api.example:6443"), client: api)
    }
}
