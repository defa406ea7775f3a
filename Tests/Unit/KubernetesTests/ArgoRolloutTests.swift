import Kubernetes
import Testing

@Suite struct ArgoRolloutTests {
    @Test func readsAnObject() throws {
        let status: [String: KubernetesValue] = [
            "message": "CanaryPauseStep", "phase": "Paused", "abort": true, "promoteFull": true,
            "canary": ["currentStepAnalysisRunStatus": ["name": "a", "status": "Inconclusive"]],
        ].merging(Fixtures.paused("CanaryPauseStep", "InconclusiveAnalysisRun")) { _, new in new }
        let rollout = try ArgoRollout(Fixtures.rollout(step: 2, spec: ["paused": true], status: status))
        var expected = ArgoRollout(namespace: "shop", name: "cart", resourceVersion: "100")
        expected.uid = "u-1"
        expected.generation = 7
        expected.observedGeneration = 7
        expected.currentPodHash = "new"
        expected.stableRS = "old"
        expected.phase = "Paused"
        expected.message = "CanaryPauseStep"
        expected.abort = true
        expected.promoteFull = true
        expected.pauseReasons = ["CanaryPauseStep", "InconclusiveAnalysisRun"]
        expected.controllerPause = true
        expected.isSpecPaused = true
        expected.isCanary = true
        expected.steps = [.setWeight, .pause, .analysis, .experiment, .setWeight, .analysis]
        expected.stepWeights = [0: 20, 4: 50]
        expected.pausedSince = "2026-01-02T03:04:05Z"
        expected.currentStepIndex = 2
        expected.stepAnalysisPhase = "Inconclusive"
        expected.containers = [
            .init(name: "cart", image: "registry.example/cart@sha256:0a1b"), .init(name: "proxy", image: "envoy:1.31"),
        ]
        #expect(rollout == expected)
        #expect(rollout.isObserved && rollout.hasPauseConditions)
        #expect(!rollout.isFullyPromoted)
        #expect(rollout.currentStep == .analysis)
        #expect(rollout.currentWeight == 20 && rollout.isPastAPause)
        #expect(rollout.stepCount == 6)
        #expect(rollout.images == ["registry.example/cart@sha256:0a1b", "envoy:1.31"])
    }

    @Test func missesEverythingThatMayBeMissing() throws {
        let rollout = try ArgoRollout(["metadata": ["name": "cart", "namespace": "shop", "resourceVersion": "1"]])
        #expect(rollout == ArgoRollout(namespace: "shop", name: "cart", resourceVersion: "1"))
        #expect(!rollout.isObserved && !rollout.isFullyPromoted)
        #expect(rollout.currentStep == nil)
    }

    @Test(
        arguments: [
            [:], ["metadata": [:]], ["metadata": ["name": "cart", "namespace": "shop"]],
            ["metadata": ["name": "cart", "namespace": "shop", "resourceVersion": ""]],
            ["metadata": ["name": "cart", "resourceVersion": "1"]], ["metadata": "x"],
            ["kind": "Status", "metadata": ["name": "cart", "namespace": "shop", "resourceVersion": "1"]],
        ] as [KubernetesValue]
    )
    func refusesOtherObjects(object: KubernetesValue) {
        let error = #expect(throws: KubernetesError.self) { try ArgoRollout(object) }
        #expect(error?.code == .malformed)
    }

    @Test(
        arguments: [
            ("7", true), (7, true), ("6", false), ("", false), ("7f5c", false), (nil, false),
        ] as [(KubernetesValue, Bool)]
    )
    func observedGeneration(value: KubernetesValue, isObserved: Bool) throws {
        let rollout = try ArgoRollout(Fixtures.rollout(status: ["observedGeneration": value]))
        #expect(rollout.isObserved == isObserved)
    }

    @Test(
        arguments: [
            (nil, 0, .setWeight), (0, 0, .setWeight), (5, 5, .analysis), (6, 6, nil), (99, 6, nil), (-1, 0, .setWeight),
            (Int64.max, 6, nil),
        ] as [(Int64?, Int, ArgoRollout.Step?)]
    )
    func stepIndex(written: Int64?, index: Int, step: ArgoRollout.Step?) throws {
        let rollout = try ArgoRollout(Fixtures.rollout(step: written))
        #expect(rollout.currentStepIndex == index)
        #expect(rollout.currentStep == step)
    }

    @Test func wrongTypesAreAsIfMissing() throws {
        let rollout = try ArgoRollout(
            Fixtures.rollout(
                spec: [
                    "paused": 1, "strategy": ["canary": ["steps": ["x", ["new": 1], ["pause": nil]]]], "template": [],
                ],
                status: ["abort": "true", "pauseConditions": [[:], 3], "stableRS": 4, "currentStepIndex": "x"]
            )
        )
        #expect(!rollout.isSpecPaused && !rollout.abort)
        #expect(rollout.steps == [.other, .other, .other])
        #expect(rollout.pauseReasons == ["unknown", "unknown"])
        #expect(rollout.stableRS == nil)
        #expect(rollout.currentStepIndex == 0)
        #expect(rollout.images.isEmpty)
    }

    @Test func annotations() throws {
        var object = Fixtures.rollout()
        object[set: "metadata"]?[set: "annotations"] = ["a/b": "1", "c": 2, "d": nil]
        #expect(try ArgoRollout(object).annotations == ["a/b": "1"])
    }

    @Test func blueGreenHasNoSteps() throws {
        let rollout = try ArgoRollout(Fixtures.rollout(step: nil, spec: ["strategy": ["blueGreen": [:]]]))
        #expect(!rollout.isCanary)
        #expect(rollout.currentStepIndex == nil)
    }
}
