import Analysis
import EventFormats
import JSON
import Judging
import Kubernetes
import Testing

@testable import Rollout

/// A Rollout with setWeight 10, pause, setWeight 50, pause; times in seconds after the fixtures' start.
@Suite struct ArgoMeasuredPauseTests {
    private func rollout(
        step: Int,
        pausedSince: Int64? = nil,
        resumedAt: Int64? = nil,
        firstPause: JSONObject = [:]
    ) throws -> ArgoRollout {
        let steps: [JSONValue] = [
            .object(["setWeight": .integer(10)]), .object(["pause": .object(firstPause)]),
            .object(["setWeight": .integer(50)]), .object(["pause": .object([:])]),
        ]
        func time(_ seconds: Int64) -> JSONValue { .string((Fixture.start + .seconds(seconds)).rfc3339) }
        var status: JSONObject = [:]
        if let pausedSince {
            let pause: JSONObject = ["reason": .string("CanaryPauseStep"), "startTime": time(pausedSince)]
            status["pauseConditions"] = .array([.object(pause)])
        }
        if let resumedAt {
            let condition: JSONObject = [
                "type": .string("Paused"), "status": .string("False"), "lastTransitionTime": time(resumedAt),
            ]
            status["conditions"] = .array([.object(condition)])
        }
        var object = MockKubernetes.rollout(
            step: step,
            pauses: [],
            status: status,
            spec: ["strategy": .object(["canary": .object(["steps": .array(steps)])])]
        )
        object["metadata"] = .object([
            "name": .string("shop"), "namespace": .string("shop-prod"), "generation": .integer(7),
            "resourceVersion": .string("1"),
        ])
        return try ArgoRollout(KubernetesValue(json: JSONValue.object(object).jsonBytes))
    }

    private func decide(_ kind: ActionKind, _ verdict: Verdict, _ rollout: ArgoRollout, full: Bool = false) -> String {
        let options = ArgoRolloutOptions(promotesInFull: full)
        switch ArgoActuation.decide(Fixture.action(kind, verdict), id: "a", on: rollout, options: options) {
        case .patch: return "patch"
        case .held: return "held"
        case .superseded: return "superseded"
        case .wait: return "wait"
        case .alreadyDone: return "done"
        case .refused: return "refused"
        }
    }

    @Test(arguments: [(10.0, 1, "patch"), (50, 1, "held"), (10, 3, "held"), (50, 3, "patch"), (12.5, 3, "held")])
    func aWeightNamesThePause(weight: Double, step: Int, expected: String) throws {
        let verdict = Fixture.verdict(weight: weight, opened: 0, decided: 60)
        // By its times alone the verdict would belong to either.
        let rollout = try rollout(step: step, pausedSince: -5)
        #expect(decide(.promote, verdict, rollout) == expected)
        #expect(decide(.promote, verdict, rollout, full: true) == expected)
    }

    @Test func withoutAWeightTheAnalysisMustHaveBegunAtThePause() throws {
        let verdict = Fixture.verdict(opened: 0, decided: 600)
        // The first pause, whenever it began.
        #expect(decide(.promote, verdict, try rollout(step: 1, pausedSince: 300)) == "patch")
        // A later one, after a person ended the first.
        #expect(decide(.promote, verdict, try rollout(step: 3, pausedSince: 300)) == "held")
        #expect(decide(.promote, verdict, try rollout(step: 3, pausedSince: 300), full: true) == "held")
        #expect(decide(.promote, verdict, try rollout(step: 3, pausedSince: -1)) == "patch")
        // The clocks of two machines.
        #expect(decide(.promote, verdict, try rollout(step: 3, pausedSince: 20)) == "patch")
    }

    @Test func onTheWayToALaterPauseItIsNotWaitedFor() throws {
        let verdict = Fixture.verdict(opened: 0, decided: 600)
        #expect(decide(.promote, verdict, try rollout(step: 2, resumedAt: 300)) == "held")
        #expect(decide(.promote, verdict, try rollout(step: 2, resumedAt: -10)) == "wait")
        #expect(decide(.promote, verdict, try rollout(step: 0)) == "wait")
    }

    @Test func aPauseThatEndedByItselfIsNoPromotion() throws {
        let verdict = Fixture.verdict(result: .fail, opened: 0, decided: 100)
        let timed = try rollout(step: 3, pausedSince: 300, firstPause: ["duration": .string("5m")])
        #expect(decide(.promote, verdict, timed) == "patch")
        #expect(decide(.abort, verdict, timed) == "patch")
    }

    @Test func whatWasPromotedAfterAFailIsNotAborted() throws {
        let verdict = Fixture.verdict(result: .fail, opened: 0, decided: 100)
        #expect(decide(.abort, verdict, try rollout(step: 1, pausedSince: 300)) == "patch")
        #expect(decide(.abort, verdict, try rollout(step: 3, pausedSince: 300)) == "superseded")
        #expect(decide(.abort, verdict, try rollout(step: 2, resumedAt: 300)) == "superseded")
        // Decided at the later pause, or on the way there.
        #expect(decide(.abort, verdict, try rollout(step: 3, pausedSince: 90)) == "patch")
        #expect(decide(.abort, verdict, try rollout(step: 2, resumedAt: 90)) == "patch")
        let weighed = Fixture.verdict(result: .fail, weight: 50, opened: 0, decided: 100)
        #expect(decide(.abort, weighed, try rollout(step: 3, pausedSince: 300)) == "patch")
    }

    @Test func aRepeatOfWhatPromotedItIsDone() throws {
        let verdict = Fixture.verdict(opened: 0, decided: 100)
        var promoted = try rollout(step: 3, pausedSince: 300)
        promoted.annotations[ArgoPromotionMark.annotation] = "a 1 pause"
        #expect(decide(.promote, verdict, promoted) == "done")
    }
}
