import Kubernetes
import Testing

@Suite struct ArgoRolloutDecisionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var verb: ArgoRolloutPatch.Verb = .promote
        var step: Int64? = 1
        var spec: [String: KubernetesValue] = [:]
        var status: [String: KubernetesValue] = [:]
        var bodies: [String] = []
    }

    static func inconclusive(step phase: String?) -> [String: KubernetesValue] {
        var status = Fixtures.paused("InconclusiveAnalysisRun")
        if let phase { status["canary"] = ["currentStepAnalysisRunStatus": ["status": .string(phase)]] }
        return status
    }

    static let guarded = #"{"metadata":{"resourceVersion":"100"},"#
    static let unpause = guarded + #""spec":{"paused":false}}"#
    static let clear = guarded + #""status":{"pauseConditions":null}}"#

    static func skip(to step: Int) -> String {
        guarded + #""status":{"currentStepIndex":\#(step),"pauseConditions":null}}"#
    }

    static func decideSkip(to step: Int) -> String {
        guarded + #""status":{"controllerPause":false,"currentStepIndex":\#(step),"pauseConditions":null}}"#
    }

    @Test(arguments: [
        Case(testDescription: "paused at a step", status: Fixtures.paused("CanaryPauseStep"), bodies: [clear]),
        Case(
            testDescription: "paused at a step and by hand",
            spec: ["paused": true],
            status: Fixtures.paused("CanaryPauseStep"),
            bodies: [unpause, clear]
        ),
        Case(testDescription: "paused by hand only", step: 0, spec: ["paused": true], bodies: [unpause]),
        Case(testDescription: "analysis step", step: 2, bodies: [skip(to: 3)]),
        Case(testDescription: "experiment step", step: 3, bodies: [skip(to: 4)]),
        Case(testDescription: "last step", step: 5, bodies: [skip(to: 6)]),
        Case(
            testDescription: "analysis step, paused by hand",
            step: 2,
            spec: ["paused": true],
            bodies: [unpause, skip(to: 3)]
        ),
        Case(
            testDescription: "inconclusive step",
            step: 2,
            status: inconclusive(step: "Inconclusive"),
            bodies: [decideSkip(to: 3)]
        ),
        Case(
            testDescription: "inconclusive step of unknown phase",
            step: 2,
            status: inconclusive(step: nil),
            bodies: [decideSkip(to: 3)]
        ),
        Case(
            testDescription: "inconclusive last step",
            step: 5,
            status: inconclusive(step: "Inconclusive"),
            bodies: [decideSkip(to: 6)]
        ),
        Case(
            testDescription: "inconclusive in the background of a pause",
            status: inconclusive(step: nil),
            bodies: [clear]
        ),
        Case(
            testDescription: "inconclusive in the background of an analysis",
            step: 2,
            status: inconclusive(step: "Running"),
            bodies: [clear]
        ),
        Case(
            testDescription: "inconclusive experiment",
            step: 3,
            status: Fixtures.paused("InconclusiveExperiment"),
            bodies: [decideSkip(to: 4)]
        ),
        Case(
            testDescription: "inconclusive in the background of an experiment",
            step: 3,
            status: inconclusive(step: nil),
            bodies: [clear]
        ),
        Case(
            testDescription: "blue-green before the switch",
            step: nil,
            spec: ["strategy": ["blueGreen": [:]]],
            status: Fixtures.paused("BlueGreenPause"),
            bodies: [clear]
        ),
        Case(
            testDescription: "full",
            verb: .promoteFull,
            status: Fixtures.paused("CanaryPauseStep"),
            bodies: [guarded + #""status":{"promoteFull":true}}"#]
        ),
        Case(testDescription: "abort", verb: .abort, bodies: [guarded + #""status":{"abort":true}}"#]),
        Case(
            testDescription: "abort of a full promotion",
            verb: .abort,
            status: ["promoteFull": true],
            bodies: [guarded + #""status":{"abort":true}}"#]
        ),
        Case(
            testDescription: "retry",
            verb: .retry,
            status: ["abort": true],
            bodies: [guarded + #""status":{"abort":false}}"#]
        ),
    ])
    func patches(_ example: Case) throws {
        let rollout = try ArgoRollout(Fixtures.rollout(step: example.step, spec: example.spec, status: example.status))
        guard case .patch(let patch) = ArgoRolloutPatch.decide(example.verb, rollout) else {
            Issue.record("No patch: \(ArgoRolloutPatch.decide(example.verb, rollout))")
            return
        }
        let bodies = try patch.changes.map {
            String(decoding: try $0.body(resourceVersion: rollout.resourceVersion).json(), as: UTF8.self)
        }
        #expect(bodies == example.bodies)
        #expect(patch.changes.map { $0.target == .specification } == bodies.map { $0.contains("spec") })
        #expect(patch.verb == example.verb)
        #expect(patch.rollout == rollout)
    }

    enum Answer: Sendable { case alreadyDone, held, unsettled }

    @Test(
        arguments: [
            (Case(testDescription: "all steps done", step: 6), .alreadyDone),
            (Case(testDescription: "at a weight step"), .unsettled),
            (Case(testDescription: "promoted", status: ["stableRS": "new"]), .alreadyDone),
            (Case(testDescription: "promoted, full", verb: .promoteFull, status: ["stableRS": "new"]), .alreadyDone),
            (Case(testDescription: "being promoted", status: ["promoteFull": true]), .alreadyDone),
            (
                Case(testDescription: "being promoted, full", verb: .promoteFull, status: ["promoteFull": true]),
                .alreadyDone
            ),
            (Case(testDescription: "aborted", step: 0, status: ["abort": true]), .held),
            (Case(testDescription: "aborted, full", verb: .promoteFull, status: ["abort": true]), .held),
            (Case(testDescription: "aborted, abort", verb: .abort, status: ["abort": true]), .alreadyDone),
            (Case(testDescription: "promoted, abort", verb: .abort, status: ["stableRS": "new"]), .held),
            (Case(testDescription: "first deployment, abort", verb: .abort, status: ["stableRS": ""]), .held),
            (Case(testDescription: "not aborted, retry", verb: .retry), .alreadyDone),
        ] as [(Case, Answer)]
    )
    func otherAnswers(_ example: Case, _ answer: Answer) throws {
        let rollout = try ArgoRollout(Fixtures.rollout(step: example.step, spec: example.spec, status: example.status))
        #expect(kind(of: ArgoRolloutPatch.decide(example.verb, rollout)) == answer)
    }

    @Test(arguments: ArgoRolloutPatch.Verb.allCases)
    func nothingOnAStatusOfAnEarlierSpecification(verb: ArgoRolloutPatch.Verb) throws {
        for status in [["observedGeneration": "6"], ["currentPodHash": nil]] as [[String: KubernetesValue]] {
            let paused = Fixtures.paused("CanaryPauseStep").merging(status) { _, new in new }
            let rollout = try ArgoRollout(Fixtures.rollout(status: paused))
            #expect(kind(of: ArgoRolloutPatch.decide(verb, rollout)) == .unsettled)
        }
    }

    @Test(arguments: ArgoRolloutPatch.Verb.allCases)
    func nothingOnWhatIsBeingDeleted(verb: ArgoRolloutPatch.Verb) throws {
        var rollout = try ArgoRollout(Fixtures.rollout(status: Fixtures.paused("CanaryPauseStep")))
        rollout.isBeingDeleted = true
        #expect(kind(of: ArgoRolloutPatch.decide(verb, rollout)) == .held)
    }

    @Test(arguments: [(1, nil), (0, .alreadyDone)] as [(Int, Answer?)])
    func leavesOnlyTheStepThatWasSeen(step: Int, answer: Answer?) throws {
        let rollout = try ArgoRollout(Fixtures.rollout(status: Fixtures.paused("CanaryPauseStep")))
        #expect(kind(of: ArgoRolloutPatch.promote(rollout, from: step)) == answer)
    }

    @Test func annotationsComeFirstAndOnlyWhereTheyAreMissing() throws {
        var rollout = try ArgoRollout(Fixtures.rollout(status: Fixtures.paused("CanaryPauseStep")))
        guard case .patch(let patch) = ArgoRolloutPatch.promote(rollout) else {
            Issue.record("No patch.")
            return
        }
        let bodies = try patch.annotated("a/b", "1").changes.map {
            String(decoding: try $0.body(resourceVersion: "100").json(), as: UTF8.self)
        }
        #expect(bodies == [#"{"metadata":{"annotations":{"a/b":"1"},"resourceVersion":"100"}}"#, Self.clear])
        rollout.annotations = ["a/b": "1"]
        guard case .patch(let again) = ArgoRolloutPatch.promote(rollout) else {
            Issue.record("No patch.")
            return
        }
        #expect(again.annotated("a/b", "1") == again)
        #expect(again.annotated("a/b", "2").changes.count == 2)
    }

    @Test(arguments: [(1, false), (2, true), (3, true)] as [(Int64, Bool)])
    func endsStep(step: Int64, endsStep: Bool) throws {
        let status = step == 1 ? Fixtures.paused("CanaryPauseStep") : [:]
        let rollout = try ArgoRollout(Fixtures.rollout(step: step, status: status))
        guard case .patch(let patch) = ArgoRolloutPatch.promote(rollout) else {
            Issue.record("No patch.")
            return
        }
        #expect(patch.endsStep == endsStep)
    }

    private func kind(of decision: ArgoRolloutDecision) -> Answer? {
        switch decision {
        case .patch: nil
        case .alreadyDone: .alreadyDone
        case .held: .held
        case .unsettled: .unsettled
        }
    }
}
