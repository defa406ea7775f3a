import HTTPTestServer
import HTTPTransport
import Kubernetes
import Testing

@Suite struct ArgoRolloutClientTests {
    private static let path = "/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/cart"
    private let api = MockKubernetesAPI()
    private let client: ArgoRolloutClient

    init() throws {
        client = ArgoRolloutClient(try Fixtures.client(api))
    }

    private func decide(_ verb: ArgoRolloutPatch.Verb) async throws -> ArgoRolloutPatch {
        let rollout = try await client.read(namespace: "shop", name: "cart")
        guard case .patch(let patch) = ArgoRolloutPatch.decide(verb, rollout) else {
            throw KubernetesError(.invalid, "No patch.")
        }
        return patch
    }

    @Test func patchesTheStatus() async throws {
        api.put(Fixtures.rollout())
        let rollout = try await client.apply(try await decide(.abort))
        #expect(rollout.abort)
        #expect(rollout.resourceVersion == "102")
        #expect(api.writes.map(\.path) == [Self.path + "/status"])
        #expect(ArgoRolloutPatch.abort(rollout) == .alreadyDone("The rollout is aborted."))
    }

    @Test func annotatesUnderTheSameGuard() async throws {
        api.put(Fixtures.rollout(status: Fixtures.paused("CanaryPauseStep")))
        let rollout = try await client.apply(try await decide(.promote).annotated("a/b", "1"))
        #expect(rollout.annotations == ["a/b": "1"] && !rollout.hasPauseConditions)
        #expect(api.writes.map(\.path) == [Self.path, Self.path + "/status"])
        #expect(api.writes.map { $0.body["metadata"]?["resourceVersion"]?.text } == ["101", "102"])
    }

    @Test func followsNobodysChangeAfterAnAnnotation() async throws {
        api.put(Fixtures.rollout(status: Fixtures.paused("CanaryPauseStep")))
        let patch = try await decide(.promote).annotated("a/b", "1")
        api.change {
            $0.controllerRuns = 1
            $0.controller = { $0[set: "status"]?[set: "message"] = "busy" }
        }
        let error = await #expect(throws: KubernetesError.self) { try await client.apply(patch) }
        #expect(error?.code == .conflict)
        #expect(api.writes.count == 2)
        #expect(api.object()?["status"]?["pauseConditions"] != nil)
    }

    @Test func fallsBackToTheObjectWithoutStatusSubresource() async throws {
        api.change { $0.hasStatusSubresource = false }
        api.put(Fixtures.rollout(spec: ["paused": true], status: Fixtures.paused("CanaryPauseStep")))
        let rollout = try await client.apply(try await decide(.promote))
        #expect(!rollout.isSpecPaused && !rollout.hasPauseConditions)
        #expect(api.writes.map(\.path) == [Self.path, Self.path])
    }

    @Test func saysWhatIsGone() async throws {
        api.put(Fixtures.rollout())
        let patch = try await decide(.abort)
        api.change { $0.objects = [:] }
        let error = await #expect(throws: KubernetesError.self) { try await client.apply(patch) }
        #expect(error?.code == .notFound)
    }

    @Test func doesNothingToAnObjectThatChanged() async throws {
        api.put(Fixtures.rollout())
        let patch = try await decide(.abort)
        let newer = Fixtures.rollout(status: ["currentPodHash": "newer"])
        api.put(newer)
        let error = await #expect(throws: KubernetesError.self) { try await client.apply(patch) }
        #expect(error?.code == .conflict)
        #expect(api.object()?["status"] == newer["status"])
        #expect(api.writes.count == 1)
    }

    @Test func unpausesInBothPlaces() async throws {
        api.put(Fixtures.rollout(spec: ["paused": true], status: Fixtures.paused("CanaryPauseStep")))
        let rollout = try await client.apply(try await decide(.promote))
        #expect(!rollout.isSpecPaused && !rollout.hasPauseConditions)
        #expect(api.writes.map(\.path) == [Self.path, Self.path + "/status"])
        #expect(api.writes.map { $0.body["metadata"]?["resourceVersion"]?.text } == ["101", "102"])
    }

    @Test func followsItsOwnChangeWhenTheControllerWritesInBetween() async throws {
        api.put(Fixtures.rollout(spec: ["paused": true], status: Fixtures.paused("CanaryPauseStep")))
        api.change {
            $0.controllerRuns = 1
            $0.controller = { $0[set: "status"]?[set: "observedGeneration"] = "8" }
        }
        let rollout = try await client.apply(try await decide(.promote))
        #expect(!rollout.isSpecPaused && !rollout.hasPauseConditions && rollout.isObserved)
        #expect(api.writes.count == 3)
    }

    @Test(arguments: ["currentStepIndex", "currentPodHash", "stableRS"])
    func stopsWhenTheReleaseMovesOnInBetween(field: String) async throws {
        api.put(Fixtures.rollout(spec: ["paused": true], status: Fixtures.paused("CanaryPauseStep")))
        api.change {
            $0.controllerRuns = 1
            $0.controller = { $0[set: "status"]?[set: field] = field == "currentStepIndex" ? 3 : "other" }
        }
        let patch = try await decide(.promote)
        let error = await #expect(throws: KubernetesError.self) { try await client.apply(patch) }
        #expect(error?.code == .conflict)
        #expect(api.object()?["status"]?["pauseConditions"] != nil)
    }

    @Test func stopsWhenTheSpecificationMovesOnInBetween() async throws {
        api.put(Fixtures.rollout(spec: ["paused": true], status: Fixtures.paused("CanaryPauseStep")))
        api.change {
            $0.controllerRuns = 1
            $0.controller = { $0[set: "metadata"]?[set: "generation"] = 9 }
        }
        let patch = try await decide(.promote)
        let error = await #expect(throws: KubernetesError.self) { try await client.apply(patch) }
        #expect(error?.code == .conflict)
    }

    @Test func mayBeForbidden() async throws {
        api.put(Fixtures.rollout())
        let patch = try await decide(.promoteFull)
        api.change {
            $0.refusal = MockKubernetesAPI.failure(403, "rollouts.argoproj.io \"cart\" is forbidden: cannot patch")
        }
        let error = await #expect(throws: KubernetesError.self) { try await client.apply(patch) }
        #expect(error?.code == .forbidden)
        #expect(error?.message.hasSuffix("is forbidden: cannot patch.") == true)
    }

    @Test func takesNoOtherRollout() async throws {
        api.put(Fixtures.rollout(), name: "other")
        let error = await #expect(throws: KubernetesError.self) {
            try await client.read(namespace: "shop", name: "other")
        }
        #expect(error?.code == .malformed)
    }

    @Test(arguments: [("shop/../x", "cart"), ("shop", "cart/status"), ("", "")])
    func sendsNothingForWrongNames(namespace: String, name: String) async throws {
        let error = await #expect(throws: KubernetesError.self) {
            try await client.read(namespace: namespace, name: name)
        }
        #expect(error?.code == .invalidName)
        #expect(api.requests.isEmpty)
    }
}
