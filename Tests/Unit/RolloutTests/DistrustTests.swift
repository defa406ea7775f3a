import Analysis
import EventFormats
import Judging
import Testing

@testable import Rollout

/// What a controller does not believe leads to no action, and leaves no trace in its ledger.
@Suite(.timeLimit(.minutes(5))) struct DistrustTests {
    private static let year = Int64(365 * 86_400)
    private let genuine = Fixture.verdict("real", session: "s2", result: .fail, version: "1.2", opened: 10)

    /// Gives one verdict that must not count, then a genuine one of the same release; returns what was done.
    private func actions(
        after events: [CloudEvent],
        policy: RolloutPolicy = RolloutPolicy()
    ) async throws -> (actions: [String], harness: Harness) {
        let harness = Harness(configuration: RolloutConfiguration(policy: policy))
        for event in events { harness.source.give { Fixture.record(event, offset: $0) } }
        harness.source.give(genuine)
        await harness.source.done.wait(for: events.count + 1)
        try await harness.finish()
        return (try harness.actions(), harness)
    }

    @Test(
        arguments: [
            Fixture.verdict("f", kind: .interim, opened: Self.year), Fixture.verdict("f", opened: Self.year),
            Fixture.verdict("f", opened: 0, decided: Self.year), Fixture.verdict("f", opened: 301, decided: 0),
            Fixture.verdict("f", status: .cancelled, opened: 7000 * Self.year),
        ]
    )
    func aVerdictFromTheFutureIsSetAside(forged: Verdict) async throws {
        let (actions, harness) = try await actions(after: [Fixture.event(forged)])
        #expect(actions == ["real abort done"])
        let letters = harness.source.letters.all
        #expect(letters.map(\.reason) == ["fromFuture"])
        #expect(letters.first?.message.contains("ahead of this controller's clock") == true)
        #expect(harness.statistics.snapshot.distrusted == [.fromFuture: 1])
        #expect(harness.statistics.snapshot.deadLetters == 1)
    }

    @Test func clocksMayDifferByFiveMinutes() async throws {
        let (actions, harness) = try await actions(
            after: [Fixture.event(Fixture.verdict("early", opened: 300, decided: 300))]
        )
        #expect(actions.first == "early promote done")
        #expect(harness.statistics.snapshot.distrusted.isEmpty)
    }

    @Test func aVerdictOfAnotherSourceIsPassedOver() async throws {
        let forged = Fixture.verdict("f", kind: .interim, opened: 200)
        let policy = RolloutPolicy(sources: ["/assay", "/assay/eu*"])
        let (actions, harness) = try await actions(
            after: [
                Fixture.event(forged, source: "/assay/us"), Fixture.event(forged, source: ""),
                Fixture.event(Fixture.verdict("p", application: "till"), source: "/assay/eu-1"),
            ],
            policy: policy
        )
        #expect(Set(actions) == ["p promote done", "real abort done"])
        // An event without a source is none.
        #expect(harness.statistics.snapshot.dropped == [.otherSource: 1])
        #expect(harness.source.letters.all.map(\.reason) == ["badAttribute"])
    }

    /// The flood is of applications that the controller does not act on.
    @Test func whatIsNotActedOnPushesNothingOutOfTheLedger() async throws {
        let policy = RolloutPolicy(releases: PlanMatch(applications: ["shop"]))
        let harness = Harness(configuration: RolloutConfiguration(policy: policy))
        harness.source.give(Fixture.verdict("i", session: "s9", kind: .interim, version: "2", opened: 100))
        for index in 0..<40_001 {
            harness.source.give(Fixture.verdict("x\(index)", session: "x\(index)", application: "other-\(index)"))
        }
        harness.source.give(genuine)
        await harness.source.done.wait(for: 40_003)
        try await harness.finish()
        #expect(try harness.actions() == ["real none skipped"])
        #expect(harness.statistics.snapshot.dropped == [.interim: 1, .outOfScope: 40_001])
    }

    @Test(
        arguments: [
            (nil, "web", [], false, ActionKind.abort), (.directory, "web", [], false, .abort),
            (.event, "web", [], false, .hold), (.event, "web", ["web"], true, .abort),
            (.event, "mine", ["web"], true, .hold), (.unknown("borrowed"), "web", [], false, .hold),
            (.directory, "web", ["we*"], false, .abort), (.directory, "mine", ["web"], false, .hold),
            (nil, "mine", ["web"], false, .hold), (nil, "", [], false, .hold),
        ] as [(PlanOrigin?, String, [String], Bool, ActionKind)]
    )
    func onlyPlansThatAreTrustedChangeARelease(
        origin: PlanOrigin?,
        plan: String,
        plans: [String],
        fromEvents: Bool,
        action: ActionKind
    ) {
        var verdict = genuine
        verdict.planOrigin = origin
        verdict.plan = plan
        let policy = RolloutPolicy(plans: plans, plansFromEvents: fromEvents)
        #expect(policy.action(for: verdict) == action)
        #expect((policy.distrust(of: verdict) == nil) == (action == .abort))
        // What changes nothing stays as it is configured.
        let silent = RolloutPolicy(onFail: .none, plans: plans, plansFromEvents: fromEvents)
        #expect(silent.action(for: verdict) == .none)
    }

    @Test(
        "A workload of another name is changed only where the controller was told that it is the application's",
        arguments: [
            (nil, [], .abort), ("shop", [], .abort), ("checkout", [], .hold), ("shop-web", [], .hold),
            ("shop-web", ["shop=shop-*"], .abort), ("checkout", ["shop=shop-*"], .hold),
            ("shop-web", ["cart=shop-*"], .hold), ("checkout", ["*=*"], .abort),
        ] as [(String?, [String], ActionKind)]
    )
    func onlyWorkloadsOfTheApplicationAreChanged(workload: String?, grants: [String], action: ActionKind) throws {
        var verdict = genuine
        verdict.application = "shop"
        verdict.workload = workload
        let policy = RolloutPolicy(workloads: try grants.map { try #require(WorkloadGrant($0)) })
        #expect(policy.action(for: verdict) == action)
        #expect((policy.distrust(of: verdict) == nil) == (action == .abort))
    }

    @Test("A workload is told as application=workload", arguments: ["", "shop", "=web", "shop=", "a=b=c", "shop =web"])
    func otherGrantsAreRefused(text: String) {
        #expect(WorkloadGrant(text) == nil)
    }

    @Test func aHoldForItsPlanSaysSo() async throws {
        var verdict = genuine
        verdict.planOrigin = .event
        let harness = Harness()
        harness.source.give(verdict)
        await harness.source.done.wait(for: 1)
        try await harness.finish()
        let action = try Fixture.rolloutAction(try #require(harness.sink.sent.all.first))
        #expect(action.action == .hold)
        #expect(action.reason.contains("came with the deploy event"))
        #expect(harness.actuator.performed.all.isEmpty)
    }

    /// What a controller without these checks put on the topic, or a foreign writer did.
    @Test(arguments: ["analysisopenedat", "verdictdecidedat"])
    func theLedgerGoesByNoTimeInTheFuture(attribute: String) async throws {
        let events = RolloutEvents(source: "/assay/rollout/assay-rollout", actuator: "fake", now: { Fixture.start })
        let forged = Fixture.action(.promote, Fixture.verdict("f", session: "s9", version: "9"))
        var event = events.event(ActionResult(planned: forged, outcome: .done))
        event.extensions[attribute] = "9999-01-01T00:00:00Z"
        let harness = Harness(history: FakeHistory([event]))
        harness.source.give(genuine)
        await harness.source.done.wait(for: 1)
        try await harness.finish()
        #expect(try harness.actions() == ["real abort done"])
        #expect(harness.statistics.snapshot.ledgerFuture == 1)
    }

    @Test func aLedgerOfAClockThatWasWrongIsForgotten() {
        var ledger = RolloutLedger()
        let ahead = Fixture.verdict("f", session: "s9", version: "9", opened: 30 * 86_400)
        ledger.record(ahead)
        ledger.record(
            RolloutLedger.Change(session: "s9", kind: .promote, decidedAt: ahead.decidedAt),
            of: ahead.release
        )
        #expect(ledger.staleReason(genuine) != nil)
        let forgot = (0..<2).map { _ in ledger.forgetFuture(of: genuine.release, at: Fixture.start) }
        #expect(forgot == [true, false])
        #expect(ledger.staleReason(genuine) == nil)
    }
}
