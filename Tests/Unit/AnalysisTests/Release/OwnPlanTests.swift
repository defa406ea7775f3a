import Analysis
import StoredFormats
import Testing

/// The sender of an event with a plan of its own decides what passes: it must not get rid of an analysis that goes by the
/// operator's plan.
@Suite struct OwnPlanTests {
    private static let start = Timestamp(milliseconds: 1_772_359_200_000)

    private static let plan = AnalysisPlan(
        name: "web",
        schedule: AnalysisSchedule(step: .seconds(1), interval: .seconds(10), lifetime: .seconds(20)),
        metrics: [PlannedMetric(name: "m", query: "m{${scope}}")]
    )

    private func event(_ id: String, _ version: String, own: Bool, weight: Double? = nil) -> DeployEvent {
        DeployEvent(
            identity: EventIdentity(source: "/ci", id: id),
            application: "shop",
            environment: "production",
            version: version,
            revision: "abc",
            weight: weight,
            inlinePlan: own ? "…" : nil
        )
    }

    private func answer(
        _ event: DeployEvent,
        _ history: ReleaseHistory,
        _ unfinished: [AnalysisSession],
        after seconds: Int
    ) -> EventAnswer {
        let now = Self.start + .seconds(seconds)
        return OpeningRules(maximumAge: .seconds(3600)).answer(
            .init(event: event, receivedAt: now),
            history: history,
            unfinished: unfinished,
            at: now
        ) { (_) throws(PlanUnavailable) in Self.plan }
    }

    @Test(arguments: [("2.4.1", nil), ("2.4.0-x", nil), ("2.4.0", 50)] as [(String, Double?)])
    func anAnalysisByTheOperatorsPlanStays(version: String, weight: Double?) throws {
        let first = answer(event("a", "2.4.0", own: false, weight: 10), ReleaseHistory(), [], after: 0)
        let analysis = try #require(first.opened.first)
        let second = answer(event("b", version, own: true, weight: weight), first.history, first.opened, after: 5)
        #expect(second.changed == [])
        let refused = try #require(second.opened.first)
        #expect(second.opened.count == 1 && refused.phase == .finished)
        let verdict = try #require(second.verdicts.first)
        #expect(verdict.status == .errored && verdict.cause == .notJudgeable && verdict.planOrigin == nil)
        #expect(
            verdict.reason
                == "cannot be judged: the event brings a plan of its own, and would end the analysis of version 2.4.0 by the"
                + " plan web: withdraw that version first, or name a plan"
        )
        // A reader of verdicts holds the analysis that was opened later for the newer one.
        #expect(verdict.openedAt < analysis.openedAt)
        // Later events are answered as if it had not come.
        #expect(second.history.own == first.history.own)
        let third = answer(event("c", "2.5.0", own: false), second.history, first.opened, after: 9)
        #expect(third.opened.map(\.phase) == [.warmingUp])
        #expect(third.verdicts.map(\.cause) == [.superseded])
    }

    @Test func plansOfEventsFollowOneAnother() {
        let first = answer(event("a", "2.4.0", own: true), ReleaseHistory(), [], after: 0)
        let second = answer(event("b", "2.4.1", own: true), first.history, first.opened, after: 5)
        #expect(second.changed.map(\.finalVerdict?.cause) == [.superseded])
        #expect(second.opened.map(\.planOrigin) == [.event])
        // And an event without a plan of its own ends them.
        let third = answer(event("c", "2.4.2", own: false), second.history, second.opened, after: 9)
        #expect(third.changed.map(\.finalVerdict?.cause) == [.superseded])
        #expect(third.opened.map(\.planOrigin) == [.directory])
    }

    /// An event with a plan that comes first does not keep the operator's plan from judging: not by an analysis that the
    /// next event would repeat, nor by a time that it would be late for.
    @Test(arguments: [0, -60])
    func theOrderOfArrivalGivesNoPlanTheSay(time: Int) throws {
        let first = answer(event("a", "2.4.0", own: true), ReleaseHistory(), [], after: 5)
        var release = event("b", "2.4.0", own: false)
        release.time = Self.start + .seconds(time)
        let kept = try ReleaseTimelineForm.read(ReleaseTimelineForm.write(first.history.own))
        #expect(kept == first.history.own)
        let second = answer(release, first.history, first.opened, after: 9)
        #expect(second.changed.map(\.finalVerdict?.cause) == [.superseded])
        #expect(second.opened.map(\.planOrigin) == [.directory] && second.opened.map(\.phase) == [.warmingUp])
        // Of events alike the later one still counts.
        var late = event("c", "2.3.0", own: true)
        late.time = Self.start - .seconds(120)
        #expect(answer(late, first.history, [], after: 9).opened.map(\.finalVerdict?.cause) == [.superseded])
    }

    @Test func anEventThatChangesThePlansLabelsGetsTheReason() {
        var event = event("a", "2.4.0", own: false)
        event.control = .labels(["track": "stable"])
        event.experiment = ["track": "stable"]
        let answer = answer(event, ReleaseHistory(), [], after: 0)
        #expect(answer.verdicts.map(\.status) == [.errored])
        #expect(answer.verdicts.first?.reason.contains("both sides have the same labels") == true)
    }
}
