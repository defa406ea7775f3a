import Analysis
import EventFormats
import Judging
import Testing

@testable import Rollout

@Suite struct RolloutLedgerTests {
    private let policy = RolloutPolicy()

    /// Notes and decides, as the controller does.
    private func answer(_ verdict: Verdict, _ ledger: inout RolloutLedger) -> RolloutDecision {
        let overtaken = ledger.record(verdict)
        let decision = ledger.decide(verdict, policy: policy, overtaken: overtaken, now: Fixture.start)
        if case .plan = decision { ledger.record(RolloutLedger.Answer(verdict: verdict.id)) }
        return decision
    }

    private func kind(_ decision: RolloutDecision) -> ActionKind? {
        if case .plan(let action) = decision { action.kind } else { nil }
    }

    @Test func aRepeatIsDropped() {
        var ledger = RolloutLedger()
        #expect(kind(answer(Fixture.verdict(), &ledger)) == .promote)
        #expect(answer(Fixture.verdict(), &ledger) == .drop(.repeated))
    }

    @Test func aSecondFinalVerdictOfAnAnalysisIsDropped() {
        var ledger = RolloutLedger()
        #expect(kind(answer(Fixture.verdict("v1"), &ledger)) == .promote)
        #expect(answer(Fixture.verdict("v2", result: .fail), &ledger) == .drop(.decidedBefore))
    }

    private func decided(
        _ kind: PersonDecision.Kind,
        _ id: String,
        at seconds: Int64
    ) -> Verdict {
        var verdict = Fixture.verdict(id, result: kind == .approve ? .pass : .fail, decided: seconds)
        verdict.decision = PersonDecision(kind: kind, actor: "alice", reason: "so", at: verdict.decidedAt)
        return verdict
    }

    @Test("A person's decision is acted on after the verdict that it is against, and the last one counts")
    func aPersonDecides() {
        var ledger = RolloutLedger()
        #expect(kind(answer(Fixture.verdict("v1", result: .fail), &ledger)) == .abort)
        #expect(kind(answer(decided(.approve, "d1", at: 90), &ledger)) == .promote)
        #expect(answer(decided(.approve, "d1", at: 90), &ledger) == .drop(.repeated))
        // An older one that comes late, and what the analysis found, do not undo it.
        #expect(answer(decided(.abort, "d0", at: 80), &ledger) == .drop(.decidedBefore))
        #expect(answer(Fixture.verdict("v2", result: .fail, decided: 95), &ledger) == .drop(.decidedBefore))
        #expect(kind(answer(decided(.abort, "d2", at: 100), &ledger)) == .abort)
    }

    @Test("What is tried again is given up once a person has decided since")
    func aPersonDecidesWhileTheActionIsTried() throws {
        var ledger = RolloutLedger()
        let (approved, aborted) = (decided(.approve, "d1", at: 90), decided(.abort, "d2", at: 95))
        ledger.record(approved)
        #expect(ledger.withdrawalReason(approved) == nil)
        ledger.record(aborted)
        let reason = try #require(ledger.withdrawalReason(approved))
        #expect(reason.hasPrefix("A person has decided about version"))
        #expect(ledger.withdrawalReason(aborted) == nil)
        // A program's second verdict is none that counts.
        ledger.record(Fixture.verdict("v2", result: .pass, decided: 99))
        #expect(ledger.withdrawalReason(aborted) == nil)
    }

    @Test("A decision before which the verdict came is the one that counts, though both wait")
    func aPersonDecidesWhileTheVerdictWaits() {
        var ledger = RolloutLedger()
        let (verdict, approved) = (Fixture.verdict("v1", result: .fail), decided(.approve, "d1", at: 90))
        ledger.record(verdict)
        ledger.record(approved)
        #expect(ledger.decide(verdict, policy: policy, now: Fixture.start) == .drop(.decidedBefore))
        #expect(kind(ledger.decide(approved, policy: policy, now: Fixture.start)) == .promote)
    }

    @Test("A person's decision does not go by the plan of an event, and by other plans as any verdict does")
    func aPersonDecidesAboutAnEventsPlan() {
        var verdict = Fixture.verdict()
        verdict.planOrigin = .event
        #expect(policy.action(for: verdict) == .hold)
        verdict.decision = PersonDecision(kind: .approve, actor: "alice", reason: "so", at: verdict.decidedAt)
        #expect(policy.action(for: verdict) == .promote)
        #expect(RolloutPolicy(plans: ["other"]).action(for: verdict) == .hold)
    }

    @Test("After a restart a person's decision is known as one")
    func restored() throws {
        let events = RolloutEvents(source: "/r", actuator: "webhook", now: { Fixture.start })
        var ledger = RolloutLedger()
        for verdict in [Fixture.verdict("v1", result: .fail), decided(.approve, "d1", at: 90)] {
            let planned = PlannedAction(kind: .promote, reason: "so", verdict: verdict)
            let event = events.event(ActionResult(planned: planned, kind: .promote, outcome: .done, reason: "so"))
            try #require(events.read(event, dryRun: false)).restore(into: &ledger)
        }
        #expect(ledger.newestAnalysis(of: Fixture.verdict().release)?.finalVerdict == "d1")
        #expect(kind(answer(decided(.abort, "d2", at: 100), &ledger)) == .abort)
    }

    @Test func interimVerdictsAreDropped() {
        var ledger = RolloutLedger()
        #expect(answer(Fixture.verdict("i1", kind: .interim, result: .fail), &ledger) == .drop(.interim))
        #expect(kind(answer(Fixture.verdict("f", result: .fail), &ledger)) == .abort)
    }

    @Test func anythingOutsideThePolicyIsDropped() {
        let ledger = RolloutLedger()
        let policy = RolloutPolicy(releases: PlanMatch(applications: ["other"]))
        #expect(ledger.decide(Fixture.verdict(), policy: policy, now: Fixture.start) == .drop(.outOfScope))
    }

    @Test(arguments: [VerdictKind.interim, .final])
    func aVerdictAboutAnOlderReleaseLeadsToNothing(newer: VerdictKind) throws {
        var ledger = RolloutLedger()
        _ = answer(Fixture.verdict("n", session: "s2", kind: newer, version: "1.2", opened: 100), &ledger)
        let decision = answer(Fixture.verdict("o", session: "s1", result: .fail, opened: 50, decided: 200), &ledger)
        guard case .plan(let action) = decision else {
            Issue.record("\(decision)")
            return
        }
        #expect(action.kind == .none)
        #expect(action.reason.contains("1.1") && action.reason.contains("1.2"))
    }

    @Test func aNewerReleaseDoesNotTouchOtherApplicationsOrEnvironments() {
        var ledger = RolloutLedger()
        _ = answer(Fixture.verdict("n", session: "s2", version: "1.2", opened: 100), &ledger)
        let staging = Fixture.verdict("a", session: "s3", environment: "staging", opened: 0)
        let other = Fixture.verdict("b", session: "s4", application: "till", opened: 0)
        #expect(kind(answer(staging, &ledger)) == .promote)
        #expect(kind(answer(other, &ledger)) == .promote)
    }

    @Test func betweenEqualOpeningTimesTheLaterDecisionIsNewer() {
        var ledger = RolloutLedger()
        _ = answer(Fixture.verdict("a", session: "s2", opened: 0, decided: 90), &ledger)
        #expect(kind(answer(Fixture.verdict("b", session: "s1", opened: 0, decided: 60), &ledger)) == ActionKind.none)
        #expect(kind(answer(Fixture.verdict("c", session: "s3", opened: 0, decided: 90), &ledger)) == .promote)
    }

    @Test func twoAnalysesThatWereOpenedTogetherAreToldApart() {
        var ledger = RolloutLedger()
        let (first, second) = (
            Fixture.verdict("a", session: "s1", opened: 0, decided: 60),
            Fixture.verdict("b", session: "s2", opened: 0, decided: 60)
        )
        // Both are read before either is answered.
        _ = ledger.record(first)
        _ = ledger.record(second)
        #expect(kind(ledger.decide(first, policy: policy, now: Fixture.start)) == .promote)
    }

    @Test(arguments: [JudgementResult.pass, .fail])
    func aLateEventOfAnOlderReleaseDoesNotMakeTheNewerOneStale(result: JudgementResult) {
        var ledger = RolloutLedger()
        _ = answer(Fixture.verdict("i", session: "s2", kind: .interim, version: "1.2", opened: 0), &ledger)
        let late = Fixture.verdict(
            "l",
            session: "s1",
            status: .cancelled,
            result: .inconclusive,
            opened: 10,
            decided: 10
        )
        #expect(kind(answer(late, &ledger)) == ActionKind.none)
        let verdict = Fixture.verdict("f", session: "s2", result: result, version: "1.2", opened: 0)
        #expect(kind(answer(verdict, &ledger)) == (result == .pass ? .promote : .abort))
    }

    @Test func overtakingAnUndecidedAnalysisIsPutOnRecordOnce() {
        var ledger = RolloutLedger()
        _ = answer(Fixture.verdict("i1", session: "s1", kind: .interim, opened: 0), &ledger)
        let first = answer(Fixture.verdict("i2", session: "s2", kind: .interim, version: "1.2", opened: 10), &ledger)
        #expect(kind(first) == ActionKind.none)
        let second = answer(Fixture.verdict("i3", session: "s2", kind: .interim, version: "1.2", opened: 10), &ledger)
        #expect(second == .drop(.interim))
        #expect(kind(answer(Fixture.verdict("f1", session: "s1", opened: 0), &ledger)) == ActionKind.none)
    }

    @Test func overtakingADecidedAnalysisNeedsNoRecord() {
        var ledger = RolloutLedger()
        _ = answer(Fixture.verdict("f1", session: "s1", opened: 0), &ledger)
        let next = answer(Fixture.verdict("i2", session: "s2", kind: .interim, opened: 10), &ledger)
        #expect(next == .drop(.interim))
    }

    @Test func aNewerReleaseDoesNotTouchOtherClustersOrNamespaces() {
        var ledger = RolloutLedger()
        let newer = Fixture.verdict("n", session: "s2", namespace: "a", cluster: "east", version: "1.2", opened: 100)
        _ = answer(newer, &ledger)
        let west = Fixture.verdict("w", session: "s3", namespace: "a", cluster: "west", opened: 0)
        let other = Fixture.verdict("b", session: "s4", namespace: "b", cluster: "east", opened: 0)
        let older = Fixture.verdict("o", session: "s5", namespace: "a", cluster: "east", opened: 0)
        #expect(kind(answer(west, &ledger)) == .promote)
        #expect(kind(answer(other, &ledger)) == .promote)
        #expect(kind(answer(older, &ledger)) == ActionKind.none)
    }

    @Test(arguments: [(3600, .abort), (3661, .none)] as [(Int64, ActionKind)])
    func aVerdictBeyondItsAgeLeadsToNothing(age: Int64, expected: ActionKind) {
        var ledger = RolloutLedger()
        let verdict = Fixture.verdict(result: .fail, opened: 0, decided: 0)
        ledger.record(verdict)
        let policy = RolloutPolicy(maximumAge: .seconds(3600))
        let decision = ledger.decide(verdict, policy: policy, now: Fixture.start + .seconds(age))
        #expect(kind(decision) == expected)
        guard case .plan(let action) = decision, expected == .none else { return }
        #expect(action.reason.contains("more than 1h ago"))
    }

    @Test func aVerdictDecidedBeforeTheOneThatWasActedOnLeadsToNothing() {
        var ledger = RolloutLedger()
        let release = ReleaseIdentity(application: "shop", environment: "production")
        let change = RolloutLedger.Change(session: "s9", kind: .promote, decidedAt: Fixture.start + .seconds(100))
        ledger.record(change, of: release)
        #expect(kind(answer(Fixture.verdict("a", result: .fail, decided: 99), &ledger)) == ActionKind.none)
        #expect(kind(answer(Fixture.verdict("b", session: "s2", result: .fail, decided: 101), &ledger)) == .abort)
    }

    @Test func memoryIsBoundedAndKeepsWhatWasUsedLast() {
        var ledger = RolloutLedger(releaseCapacity: 10, verdictCapacity: 10)
        for index in 0..<1000 {
            let verdict = Fixture.verdict("v\(index)", session: "s\(index)", application: "app\(index)")
            _ = answer(verdict, &ledger)
        }
        #expect(!ledger.hasAnswered(verdict: "v0"))
        #expect(ledger.newestAnalysis(of: ReleaseIdentity(application: "app0", environment: "production")) == nil)
        #expect((990..<1000).allSatisfy { ledger.hasAnswered(verdict: "v\($0)") })
    }
}

@Suite struct RecentMapTests {
    @Test func neverHoldsMoreThanTwiceItsCapacity() {
        var map = RecentMap<Int, Int>(capacity: 8)
        for index in 0..<10_000 {
            map.set(index % 97, index)
            #expect(map.count <= 16)
            #expect(map.peek(index % 97) == index)
        }
    }

    @Test func whatIsUsedStays() {
        var map = RecentMap<Int, String>(capacity: 4)
        map.set(-1, "kept")
        for index in 0..<100 {
            map.set(index, "")
            #expect(map.use(-1) == "kept")
        }
        #expect(map.peek(0) == nil)
    }
}
