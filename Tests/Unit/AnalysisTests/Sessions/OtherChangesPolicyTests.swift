import Judging
import StoredFormats
import Testing

@testable import Analysis

/// What a look that fails leads to where another change fits the faults better.
@Suite struct OtherChangesPolicyTests {
    private static let start = AnalysisSessionTests().start

    private static func others(_ change: Double, against release: Double) -> OtherChanges {
        let event = ChangeEvent(
            identity: EventIdentity(source: "/flags", id: "1"),
            kind: .flag,
            application: "shop",
            environment: "production",
            summary: "new-pricing"
        )
        let ranked = RankedChange(KnownChange(event, at: start), relation: .application, score: change)
        return OtherChanges(releaseAt: start, releaseScore: release, ranked: [ranked])
    }

    private static func session(_ policy: OtherChangesPolicy) -> AnalysisSession {
        let tests = AnalysisSessionTests()
        var plan = tests.plan()
        plan.otherChanges = policy
        return tests.session(plan)
    }

    /// A look whose metrics fail, or pass.
    private static func look(
        _ number: Int,
        _ session: inout AnalysisSession,
        _ changes: OtherChanges?,
        fails: Bool = true
    ) -> Verdict? {
        let look = session.schedule.look(number)
        let count = look.window.sampleCount(step: session.plan.schedule.step)
        let control = SideSamples(query: "q", values: (0..<count).map { 10 + Double($0 % 7) })
        let experiment = fails ? SideSamples(query: "q", values: (0..<count).map { 100 + Double($0 % 5) }) : control
        let samples = session.plan.metrics.map { _ in MetricSamples(control: control, experiment: experiment) }
        _ = session.handle(.woken, at: look.due)
        let asked = session.handle(.sampled(LookSamples(look: look, metrics: samples)), at: look.due)
        guard case .judge(let review, let rules)? = asked.first else { return nil }
        let judgement = NetflixACAJudge().judge(review.judgeable, by: rules)
        #expect(session.wantsChanges(judgement, review, at: look.due) == fails)
        let actions = session.handle(.judged(judgement, review, changes), at: look.due)
        guard case .publish(let verdict)? = actions.first else { return nil }
        return verdict
    }

    @Test("A release fails whatever else changed, unless the plan says otherwise") func tells() throws {
        var session = Self.session(.tell)
        let verdict = try #require(Self.look(1, &session, Self.others(2, against: 1)))
        #expect(verdict.kind == .final && verdict.result == .fail && verdict.changes?.suspect != nil)
    }

    @Test("A look decides nothing while another change ranks higher, and opens no gate") func holds() throws {
        var session = Self.session(.hold)
        let verdict = try #require(Self.look(1, &session, Self.others(2, against: 1)))
        #expect(verdict.kind == .interim && verdict.result == .inconclusive && verdict.status == .completed)
        #expect(verdict.reason.contains("new-pricing") && verdict.reason.contains("2 against 1"))
        #expect(session.finalVerdict == nil && session.wakeAt == session.schedule.look(2).due)
        let gate = ReleaseGate(
            of: "2.0",
            among: [session],
            interim: verdict,
            isAnnounced: false,
            isWithdrawn: false,
            terms: .default,
            at: verdict.decidedAt
        )
        #expect(!gate.opens(for: .advance) && !gate.opens(for: .promote) && !gate.opens(for: .rollBack))
    }

    @Test("It fails once the release ranks highest") func failsLater() throws {
        var session = Self.session(.hold)
        _ = Self.look(1, &session, Self.others(2, against: 1))
        let verdict = try #require(Self.look(2, &session, Self.others(1, against: 2)))
        #expect(verdict.kind == .final && verdict.result == .fail)
    }

    @Test("At its last look it is inconclusive, with a cause of its own") func ends() throws {
        var session = Self.session(.hold)
        for number in 1...2 { _ = Self.look(number, &session, Self.others(2, against: 1)) }
        let verdict = try #require(Self.look(3, &session, Self.others(2, against: 1)))
        #expect(verdict.kind == .final && verdict.status == .completed && verdict.result == .inconclusive)
        #expect(verdict.cause == .otherChange && verdict.reason.contains("new-pricing"))
        #expect(verdict.changes?.ranked.count == 1 && session.phase == .finished)
        let stored = try SessionForm.read(SessionForm.write(session))
        #expect(stored == session && stored.plan.otherChanges == .hold)
    }

    @Test("Without a score, or without an answer, a release fails as ever") func withoutScores() throws {
        var unknown = Self.session(.hold)
        var others = Self.others(2, against: 1)
        others.releaseScore = nil
        #expect(Self.look(1, &unknown, others)?.result == .fail)
        var silent = Self.session(.hold)
        #expect(Self.look(1, &silent, nil)?.result == .fail)
    }

    @Test("What passes is not asked") func passes() throws {
        var session = Self.session(.hold)
        for number in 1...2 { _ = Self.look(number, &session, nil, fails: false) }
        #expect(Self.look(3, &session, nil, fails: false)?.result == .pass)
    }
}
