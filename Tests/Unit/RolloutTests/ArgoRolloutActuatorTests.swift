import Analysis
import EventFormats
import HTTPTransport
import JSON
import Kubernetes
import Testing

@testable import Rollout

@Suite struct ArgoRolloutActuatorTests {
    private func perform(
        _ kind: ActionKind = .promote,
        on server: MockKubernetes,
        _ verdict: Verdict = Fixture.verdict(namespace: "shop-prod"),
        options: ArgoRolloutOptions = ArgoRolloutOptions()
    ) async -> Result<ActuatorOutcome, ActuatorError> {
        do {
            let configuration = try KubernetesConfiguration(server: "https://kubernetes.test/")
            let client = ArgoRolloutClient(KubernetesClient(configuration: configuration, client: server))
            return .success(
                try await ArgoRolloutActuator(
                    options: options,
                    client: client,
                    now: { Fixture.start },
                    logger: Harness.silent
                )
                .perform(Fixture.action(kind, verdict))
            )
        } catch let error as ActuatorError {
            return .failure(error)
        } catch {
            Issue.record(error)
            return .failure(ActuatorError(.permanent, "\(error)"))
        }
    }

    private func code(_ result: Result<ActuatorOutcome, ActuatorError>) -> ActuatorError.Code? {
        if case .failure(let error) = result { error.code } else { nil }
    }

    private func isDone(_ result: Result<ActuatorOutcome, ActuatorError>) -> Bool {
        if case .success(.done) = result { true } else { false }
    }

    private func isAlreadyDone(_ result: Result<ActuatorOutcome, ActuatorError>) -> Bool {
        if case .success(.alreadyDone) = result { true } else { false }
    }

    private func isHeld(_ result: Result<ActuatorOutcome, ActuatorError>) -> Bool {
        if case .success(.held) = result { true } else { false }
    }

    // MARK: Promoting

    @Test func aPausedRolloutLosesItsPauseConditions() async {
        let server = MockKubernetes(MockKubernetes.rollout())
        #expect(isDone(await perform(on: server)))
        #expect(
            server.patches == [
                #"PATCH  {"metadata":{"annotations":{"rollout.assay.dev/promoted":"v1/argo-rollout 1 pause"},"#
                    + #""resourceVersion":"100"}}"#,
                #"PATCH /status {"metadata":{"resourceVersion":"101"},"status":{"pauseConditions":null}}"#,
            ]
        )
        #expect(server.object["status"]?.object?["pauseConditions"] == nil)
    }

    @Test func anAnalysisStepIsStepped() async {
        let server = MockKubernetes(MockKubernetes.rollout(step: 3, pauses: []))
        #expect(isDone(await perform(on: server)))
        let status = server.object["status"]?.object
        #expect(status?["currentStepIndex"] == .integer(4))
    }

    @Test func anInconclusiveAnalysisIsOverruled() async {
        let server = MockKubernetes(MockKubernetes.rollout(step: 3, pauses: ["InconclusiveAnalysisRun"]))
        #expect(isDone(await perform(on: server)))
        let status = server.object["status"]?.object
        #expect(status?["currentStepIndex"] == .integer(4))
        #expect(status?["controllerPause"] == .bool(false))
        #expect(status?["pauseConditions"] == nil)
    }

    @Test func anInconclusiveExperimentIsOverruled() async {
        let steps: [JSONValue] = [.object(["setWeight": .integer(10)]), .object(["experiment": .object([:])])]
        let server = MockKubernetes(
            MockKubernetes.rollout(
                pauses: ["InconclusiveExperiment"],
                spec: ["strategy": .object(["canary": .object(["steps": .array(steps)])])]
            )
        )
        #expect(isDone(await perform(on: server)))
        #expect(server.object["status"]?.object?["currentStepIndex"] == .integer(2))
    }

    @Test func anInconclusiveAnalysisInTheBackgroundDoesNotCostTheStep() async {
        let run: JSONValue = .object(["currentStepAnalysisRunStatus": .object(["status": .string("Running")])])
        let server = MockKubernetes(
            MockKubernetes.rollout(step: 3, pauses: ["InconclusiveAnalysisRun"], status: ["canary": run])
        )
        #expect(isDone(await perform(on: server)))
        #expect(server.object["status"]?.object?["pauseConditions"] == nil)
        // The analysis goes on, and a repeat leaves it alone.
        #expect(isAlreadyDone(await perform(on: server)))
        #expect(server.object["status"]?.object?["currentStepIndex"] == .integer(3))
        #expect(server.patches.count == 2)
    }

    @Test func promotingInFullIsAnOption() async {
        let server = MockKubernetes(MockKubernetes.rollout())
        let options = ArgoRolloutOptions(promotesInFull: true)
        #expect(isDone(await perform(on: server, options: options)))
        #expect(
            server.patches == [#"PATCH /status {"metadata":{"resourceVersion":"100"},"status":{"promoteFull":true}}"#]
        )
        #expect(isAlreadyDone(await perform(on: server, options: options)))
        #expect(server.patches.count == 1)
    }

    @Test func advancingIsNeverInFull() async {
        let server = MockKubernetes(MockKubernetes.rollout())
        #expect(isDone(await perform(.advance, on: server, options: ArgoRolloutOptions(promotesInFull: true))))
        #expect(server.object["status"]?.object?["promoteFull"] == nil)
    }

    @Test func betweenStepsThePauseIsWaitedFor() async {
        let server = MockKubernetes(MockKubernetes.rollout(step: 2, pauses: []))
        #expect(code(await perform(on: server)) == .notYet)
        #expect(server.patches.isEmpty)
    }

    @Test func afterTheLastStepNothingIsToBeDone() async {
        let server = MockKubernetes(MockKubernetes.rollout(step: 6, pauses: []))
        #expect(isAlreadyDone(await perform(on: server)))
        #expect(server.patches.isEmpty)
    }

    @Test func aRepeatedPromotionDoesNotSkipTheNextPause() async {
        let server = MockKubernetes(MockKubernetes.rollout())
        #expect(isDone(await perform(on: server)))
        // Argo goes on and comes to the next pause.
        server.change(
            before: "GET",
            [
                "status": .object([
                    "currentStepIndex": .integer(5),
                    "pauseConditions": .array([.object(["reason": .string("CanaryPauseStep")])]),
                ])
            ]
        )
        #expect(isAlreadyDone(await perform(on: server)))
        #expect(server.patches.count == 2)
        // The next verdict promotes again.
        #expect(isDone(await perform(on: server, Fixture.verdict("v2", namespace: "shop-prod"))))
        #expect(server.patches.count == 4)
    }

    @Test func aRepeatAfterACrashBetweenMarkAndPromotionPromotes() async {
        let server = MockKubernetes(MockKubernetes.rollout())
        server.refuse("PATCH /status", status: 503)
        #expect(code(await perform(on: server)) == .transient)
        let second = MockKubernetes(server.object)
        #expect(isDone(await perform(on: second)))
        #expect(second.patches.count == 1)
    }

    @Test func aRepeatAfterACrashBetweenMarkAndSteppingSteps() async {
        let server = MockKubernetes(MockKubernetes.rollout(step: 3, pauses: []))
        server.refuse("PATCH /status", status: 503)
        #expect(code(await perform(on: server)) == .transient)
        let second = MockKubernetes(server.object)
        #expect(isDone(await perform(on: second)))
        #expect(second.patches.count == 1)
        #expect(isAlreadyDone(await perform(on: second)))
        #expect(second.object["status"]?.object?["currentStepIndex"] == .integer(4))
    }

    @Test func aRepeatBetweenTwoPausesIsDoneAtOnce() async {
        let server = MockKubernetes(MockKubernetes.rollout())
        #expect(isDone(await perform(on: server)))
        #expect(isAlreadyDone(await perform(on: server)))
        server.change(before: "GET", ["status": .object(["currentStepIndex": .integer(2)])])
        #expect(isAlreadyDone(await perform(on: server)))
        #expect(server.patches.count == 2)
    }

    @Test(arguments: [false, true])
    func whatAPersonPausedStaysPaused(promotesInFull: Bool) async {
        let server = MockKubernetes(MockKubernetes.rollout(spec: ["paused": .bool(true)]))
        #expect(isHeld(await perform(on: server, options: ArgoRolloutOptions(promotesInFull: promotesInFull))))
        #expect(server.patches.isEmpty)
    }

    @Test func whatIsBeingDeletedIsLeftAlone() async {
        let server = MockKubernetes(MockKubernetes.rollout())
        server.change(
            before: "GET",
            ["metadata": .object(["deletionTimestamp": .string("2026-01-02T03:04:05Z")])]
        )
        #expect(isHeld(await perform(on: server)))
        #expect(isHeld(await perform(.abort, on: server)))
        #expect(server.patches.isEmpty)
    }

    @Test func whatAPersonPausedOrAbortedIsLeftAlone() async {
        #expect(isHeld(await perform(on: MockKubernetes(MockKubernetes.rollout(spec: ["paused": .bool(true)])))))
        let aborted = MockKubernetes(MockKubernetes.rollout(status: ["abort": .bool(true)]))
        #expect(code(await perform(on: aborted)) == .superseded)
        #expect(aborted.patches.isEmpty)
    }

    @Test func withoutAStatusSubresourceTheObjectIsPatched() async {
        let server = MockKubernetes(MockKubernetes.rollout())
        server.removeStatusSubresource()
        #expect(isDone(await perform(on: server)))
        #expect(server.patches.last?.hasPrefix("PATCH  {") == true)
        #expect(server.object["status"]?.object?["pauseConditions"] == nil)
    }

    // MARK: Aborting

    @Test func abortingIsOnePatchAndANoOpAfterwards() async {
        let server = MockKubernetes(MockKubernetes.rollout())
        #expect(isDone(await perform(.abort, on: server)))
        #expect(server.patches == [#"PATCH /status {"metadata":{"resourceVersion":"100"},"status":{"abort":true}}"#])
        #expect(isAlreadyDone(await perform(.abort, on: server)))
        #expect(server.patches.count == 1)
    }

    @Test func aFinishedRolloutIsNeitherAbortedNorPromoted() async {
        let server = MockKubernetes(MockKubernetes.rollout(hash: "abc123", stable: "abc123"))
        #expect(code(await perform(.abort, on: server)) == .permanent)
        #expect(isAlreadyDone(await perform(.promote, on: server)))
        #expect(server.patches.isEmpty)
    }

    @Test func aFirstDeploymentHasNothingToGoBackTo() async {
        let server = MockKubernetes(MockKubernetes.rollout(stable: ""))
        #expect(code(await perform(.abort, on: server)) == .permanent)
        #expect(server.patches.isEmpty)
    }

    // MARK: Guards

    @Test(arguments: [ActionKind.promote, .advance, .abort])
    func anotherRevisionIsNotTouched(kind: ActionKind) async {
        let server = MockKubernetes(MockKubernetes.rollout(hash: "new777"))
        #expect(code(await perform(kind, on: server)) == .superseded)
        #expect(server.patches.isEmpty)
    }

    @Test(arguments: ["abc123", "sha256:feed", "registry.test/shop@sha256:feed"])
    func theRevisionMayBeHashOrDigest(revision: String) async {
        let server = MockKubernetes(MockKubernetes.rollout())
        let verdict = Fixture.verdict(namespace: "shop-prod", revision: revision)
        #expect(isDone(await perform(.abort, on: server, verdict)))
    }

    @Test(arguments: ["7", "6"])
    func aGenerationIsNoRevision(revision: String) async {
        let server = MockKubernetes(MockKubernetes.rollout())
        let verdict = Fixture.verdict(namespace: "shop-prod", revision: revision)
        for unguarded in [false, true] {
            let options = ArgoRolloutOptions(allowUnguarded: unguarded)
            guard case .success(.held(let reason)) = await perform(.abort, on: server, verdict, options: options) else {
                Issue.record("acted on generation \(revision)")
                continue
            }
            #expect(reason.contains("status.currentPodHash"))
        }
        #expect(server.patches.isEmpty)
    }

    @Test(arguments: ["abc", "sha256:beef", "sha256:fee", ""])
    func anythingElseIsAnotherRevision(revision: String) async {
        let server = MockKubernetes(MockKubernetes.rollout())
        let verdict = Fixture.verdict(namespace: "shop-prod", revision: revision)
        #expect(code(await perform(.abort, on: server, verdict)) == .superseded)
    }

    @Test func withoutARevisionTheImageDigestCountsAndWithoutBothNothingIsDone() async {
        let server = MockKubernetes(MockKubernetes.rollout())
        let digest = Fixture.verdict(namespace: "shop-prod", imageDigest: "sha256:feed", revision: nil)
        #expect(isDone(await perform(.abort, on: server, digest)))
        let other = MockKubernetes(MockKubernetes.rollout())
        let bare = Fixture.verdict(namespace: "shop-prod", revision: nil)
        #expect(isHeld(await perform(.abort, on: other, bare)))
        #expect(other.patches.isEmpty)
        #expect(isDone(await perform(.abort, on: other, bare, options: ArgoRolloutOptions(allowUnguarded: true))))
    }

    @Test func aChangeTheControllerHasNotSeenYetIsWaitedFor() async {
        let server = MockKubernetes(MockKubernetes.rollout(status: ["observedGeneration": .string("6")]))
        #expect(code(await perform(.abort, on: server)) == .notYet)
        #expect(server.patches.isEmpty)
    }

    // MARK: Conflicts

    @Test func aConflictIsAnsweredByLookingAgain() async {
        let server = MockKubernetes(MockKubernetes.rollout())
        server.change(before: "PATCH", ["status": .object(["message": .string("busy")])])
        #expect(isDone(await perform(.abort, on: server)))
        #expect(server.requests.prefix(4).map { $0.prefix(5) } == ["GET  ", "PATCH", "GET  ", "PATCH"])
    }

    @Test func aNewRevisionInBetweenIsNotTouched() async {
        let server = MockKubernetes(MockKubernetes.rollout())
        server.change(before: "PATCH", ["status": .object(["currentPodHash": .string("new777")])])
        #expect(code(await perform(.abort, on: server)) == .superseded)
        #expect(server.object["status"]?.object?["abort"] == nil)
    }

    @Test func aNewRevisionBetweenMarkAndPromotionIsNotTouched() async {
        let server = MockKubernetes(MockKubernetes.rollout())
        server.change(before: "PATCH /status", ["status": .object(["currentPodHash": .string("new777")])])
        #expect(code(await perform(on: server)) == .superseded)
        #expect(server.object["status"]?.object?["pauseConditions"] != nil)
    }

    @Test func aConflictAfterTheMarkIsDecidedOnAgain() async {
        let server = MockKubernetes(MockKubernetes.rollout())
        server.change(before: "PATCH /status", ["status": .object(["message": .string("busy")])])
        #expect(isDone(await perform(on: server)))
        #expect(server.requests.prefix(5).map { $0.prefix(7) } == ["GET  ", "PATCH  ", "PATCH /", "GET  ", "PATCH /"])
        #expect(server.object["status"]?.object?["pauseConditions"] == nil)
    }

    @Test func aPersonsPauseBetweenMarkAndPromotionIsKept() async {
        let server = MockKubernetes(MockKubernetes.rollout())
        server.change(before: "PATCH /status", ["spec": .object(["paused": .bool(true)])])
        #expect(isHeld(await perform(on: server)))
        #expect(server.object["status"]?.object?["pauseConditions"] != nil)
    }

    @Test func endlessConflictsAreLeftForLater() async {
        let server = MockKubernetes(MockKubernetes.rollout())
        for _ in 0..<9 { server.change(before: "PATCH", ["status": .object(["message": .string("busy")])]) }
        #expect(code(await perform(.abort, on: server)) == .notYet)
        #expect(server.patches.count == 5)
    }

    // MARK: Refusals and names

    @Test(arguments: [
        ("GET", 403, ActuatorError.Code.permanent), ("GET", 404, .permanent), ("PATCH", 422, .permanent),
        ("PATCH", 403, .permanent), ("GET", 401, .transient), ("GET", 429, .transient), ("PATCH", 500, .transient),
        ("PATCH", 415, .permanent),
    ])
    func refusalsAreSortedByWhetherTheyMayPass(request: String, status: Int, code: ActuatorError.Code) async {
        let server = MockKubernetes(MockKubernetes.rollout())
        server.refuse(request, status: status, message: "rollouts.argoproj.io is forbidden")
        let result = await perform(.abort, on: server)
        guard case .failure(let error) = result else {
            Issue.record("\(status) passed")
            return
        }
        #expect(error.code == code)
        #expect(error.retryAfter == (code == .transient ? "3" : nil))
        if status != 404 { #expect(error.message.contains("is forbidden")) }
    }

    @Test(arguments: [
        ("../../../../api/v1", "shop"), ("shop-prod", "a/../../x"), ("shop-prod", "a?dryRun=All"), ("a.b", "shop"),
        ("shop-prod", ""), ("", "shop"), ("shop-prod", "..%2f"), ("Shop", "shop"),
    ])
    func namesThatAreNoneNeverReachTheServer(namespace: String, workload: String) async {
        let server = MockKubernetes(MockKubernetes.rollout())
        let verdict = Fixture.verdict(namespace: namespace, workload: workload)
        #expect(code(await perform(.abort, on: server, verdict)) == .permanent)
        #expect(server.requests.isEmpty)
    }

    @Test func theNamespaceMayComeFromTheConfiguration() async {
        let server = MockKubernetes(MockKubernetes.rollout())
        #expect(code(await perform(.abort, on: server, Fixture.verdict())) == .permanent)
        let options = ArgoRolloutOptions(defaultNamespace: "shop-prod")
        #expect(isDone(await perform(.abort, on: server, Fixture.verdict(), options: options)))
    }

    @Test func anAnswerThatIsNoRolloutIsRefused() async {
        let server = MockKubernetes(["kind": .string("Rollout")])
        #expect(code(await perform(.abort, on: server)) == .permanent)
    }
}
