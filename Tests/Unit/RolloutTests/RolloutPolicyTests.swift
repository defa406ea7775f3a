import Analysis
import EventFormats
import Judging
import Testing

@testable import Rollout

@Suite struct RolloutPolicyTests {
    @Test(arguments: [
        (JudgementResult.pass, ActionKind.promote), (.marginal, .hold), (.fail, .abort), (.inconclusive, .hold),
    ])
    func completedFinalVerdictsFollowTheTable(result: JudgementResult, action: ActionKind) {
        #expect(RolloutPolicy().action(for: Fixture.verdict(result: result)) == action)
    }

    @Test(arguments: VerdictStatus.allCases, JudgementResult.allCases)
    func onlyCompletedAnalysesLeadToAnything(status: VerdictStatus, result: JudgementResult) {
        let policy = RolloutPolicy(onPass: .promote, onMarginal: .abort, onFail: .abort, onInconclusive: .abort)
        let final = policy.action(for: Fixture.verdict(status: status, result: result))
        #expect((final == .none) == (status != .completed))
        #expect(policy.action(for: Fixture.verdict(kind: .interim, status: status, result: result)) == .none)
    }

    @Test func resultsCanBeMappedOtherwise() {
        let policy = RolloutPolicy(onPass: .advance, onMarginal: .promote, onFail: .hold, onInconclusive: .abort)
        let actions = [JudgementResult.pass, .marginal, .fail, .inconclusive].map {
            policy.action(for: Fixture.verdict(result: $0))
        }
        #expect(actions == [.advance, .promote, .hold, .abort])
    }

    @Test(arguments: HoldCause.allCases)
    func anOutageNeverAborts(cause: HoldCause) {
        let policy = RolloutPolicy(onInconclusive: .abort)
        let hold = Hold(cause: cause, reason: "Waiting.", since: Fixture.start)
        let action = policy.action(for: Fixture.verdict(result: .inconclusive, hold: hold))
        #expect(action == (cause.isOutage ? .hold : .abort))
    }

    @Test(
        arguments: [
            ("shop", "production", nil, true), ("shop-eu", "production", nil, true), ("shop", "staging", nil, false),
            ("till", "production", nil, false), ("shop", "production", "east-1", true),
            ("shop", "production", "west-1", false),
        ] as [(String, String, String?, Bool)]
    )
    func onlyTheConfiguredReleasesAreCovered(
        application: String,
        environment: String,
        cluster: String?,
        covered: Bool
    ) {
        let policy = RolloutPolicy(
            releases: PlanMatch(applications: ["shop*"], environments: ["production"]),
            clusters: ["east-*"]
        )
        let verdict = Fixture.verdict(application: application, environment: environment, cluster: cluster)
        #expect(policy.covers(verdict) == covered)
    }
}
