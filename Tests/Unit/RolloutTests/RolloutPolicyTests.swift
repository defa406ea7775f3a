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

    /// A newer version says something that this one does not understand: it leaves the release as it is.
    @Test func whatIsNotUnderstoodChangesNothing() {
        let policy = RolloutPolicy(onPass: .promote, onMarginal: .promote, onFail: .abort, onInconclusive: .abort)
        #expect(policy.action(for: Fixture.verdict(result: .unknown("splendid"))) == .hold)
        #expect(policy.action(for: Fixture.verdict(status: .unknown("postponed"), result: .pass)) == .none)
        #expect(policy.action(for: Fixture.verdict(kind: .unknown("rumour"), result: .pass)) == .none)
        let hold = Hold(cause: .unknown("fullMoon"), reason: "Waiting.", since: Fixture.start)
        #expect(policy.action(for: Fixture.verdict(result: .inconclusive, hold: hold)) == .hold)
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
            (Fixture.verdict(), nil), (Fixture.verdict(application: "shop-eu"), nil),
            (Fixture.verdict(environment: "staging"), .outOfScope), (Fixture.verdict(application: "till"), .outOfScope),
            (Fixture.verdict(namespace: "a-shop"), nil), (Fixture.verdict(namespace: "b-shop"), .otherNamespace),
        ] as [(Verdict, DropReason?)]
    )
    func onlyTheConfiguredReleasesAreCovered(verdict: Verdict, reason: DropReason?) {
        let policy = RolloutPolicy(
            releases: PlanMatch(applications: ["shop*"], environments: ["production"]),
            namespaces: ["a-*"]
        )
        #expect(policy.exclusion(of: verdict.release) == reason)
    }

    @Test(
        arguments: [
            (ClusterScope.any, "east-1", true), (.any, nil, true),
            (.named(["east-*"], acceptsUnnamed: false), "east-1", true),
            (.named(["east-*"], acceptsUnnamed: false), "west-1", false),
            (.named(["east-*"], acceptsUnnamed: false), nil, false),
            (.named(["east-*"], acceptsUnnamed: true), nil, true),
            (.named([], acceptsUnnamed: true), "east-1", false), (.named([], acceptsUnnamed: true), nil, true),
        ] as [(ClusterScope, String?, Bool)]
    )
    func aVerdictOfAnotherClusterIsLeftToOthers(scope: ClusterScope, cluster: String?, covered: Bool) {
        let policy = RolloutPolicy(clusters: scope)
        #expect(policy.exclusion(of: Fixture.verdict(cluster: cluster).release) == (covered ? nil : .otherCluster))
    }
}
