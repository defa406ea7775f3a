import Judging
import Testing

@testable import Analysis

/// A gate opens for what the newest analysis of the release allows, and for nothing else.
@Suite struct ReleaseGateTests {
    private let analyses = AnalysisSessionTests()
    private var start: Timestamp { analyses.start }

    private func gate(
        _ sessions: AnalysisSession?...,
        interim: Verdict? = nil,
        version: String = "2.0",
        isAnnounced: Bool = false,
        isWithdrawn: Bool = false,
        terms: ReleaseGate.Terms = .default,
        at now: Timestamp? = nil
    ) -> ReleaseGate {
        ReleaseGate(
            of: version,
            among: sessions.compactMap(\.self),
            interim: interim,
            isAnnounced: isAnnounced,
            isWithdrawn: isWithdrawn,
            terms: terms,
            at: now ?? sessions.compactMap { $0?.finalVerdict?.decidedAt ?? $0?.wakeAt }.max() ?? start
        )
    }

    private func opened(_ gate: ReleaseGate) -> [ReleaseGate.Question] {
        ReleaseGate.Question.allCases.filter(gate.opens)
    }

    private func ended(_ experiment: SideSamples? = nil, control: SideSamples? = nil) -> AnalysisSession {
        var session = analyses.session(analyses.plan())
        for second in stride(from: 32, through: 400, by: 20) where session.finalVerdict == nil {
            _ = analyses.wake(&session, at: start + .seconds(second), control: control, experiment: experiment)
        }
        return session
    }

    @Test func aVerdictOpensWhatItAllows() {
        #expect(opened(gate(ended())) == [.start, .advance, .promote])
        #expect(opened(gate(ended(analyses.failing))) == [.start, .rollBack])
    }

    @Test func anOutageOpensNothingThatMovesTraffic() {
        let session = ended(control: analyses.outage)
        #expect(session.finalVerdict?.result == .inconclusive)
        #expect(opened(gate(session)) == [.start])
    }

    @Test func nothingKnownOpensNothingThatMovesTraffic() {
        let gate = gate(nil)
        #expect(opened(gate) == [.start])
        #expect(gate.state == .none)
        #expect(opened(self.gate(nil, isAnnounced: true)) == [])
    }

    @Test("While it runs, traffic grows only after a look that speaks for the version")
    func running() {
        var session = analyses.session(analyses.plan())
        #expect(opened(gate(session)) == [.start])
        let look = analyses.wake(&session, at: start + .seconds(32))
        #expect(opened(gate(session, interim: look.last)) == [.start, .advance])

        var held = analyses.session(analyses.plan())
        let waiting = analyses.wake(&held, at: start + .seconds(32), control: analyses.outage)
        #expect(waiting.last?.hold != nil)
        #expect(opened(gate(held, interim: waiting.last)) == [.start])

        var failing = analyses.session(analyses.plan(failFast: .never))
        let bad = analyses.wake(&failing, at: start + .seconds(32), experiment: analyses.failing)
        #expect(bad.last?.result == .fail && failing.finalVerdict == nil)
        #expect(opened(gate(failing, interim: bad.last)) == [.start])
    }

    @Test func theAnalysisOfAnotherVersionSaysNothing() {
        let other = gate(ended(), version: "3.0")
        #expect(other.state == .none && opened(other) == [.start])
        #expect(other.reason.contains("2.0"))
        let underWay = gate(analyses.session(analyses.plan()), version: "3.0")
        #expect(opened(underWay) == [])
    }

    @Test("A late event about an older version hides nothing, and one under way keeps others from starting")
    func lateEvents() {
        let passed = ended()
        var late = analyses.session(analyses.plan()).event
        late.version = "0.9"
        late.time = start - .seconds(3600)
        let (old, _) = AnalysisSession.rejected(
            id: "late",
            event: late,
            ending: .noPlan("none"),
            receivedAt: start + .seconds(50),
            at: start + .seconds(50)
        )
        #expect(opened(gate(passed, old)) == [.start, .advance, .promote])
        let running = analyses.session(analyses.plan())
        #expect(opened(gate(running, old, version: "3.0")) == [])
    }

    @Test("What a look shows is old when the next one is overdue, or by the age that is asked for")
    func staleLooks() throws {
        var session = analyses.session(analyses.plan())
        let look = try #require(analyses.wake(&session, at: start + .seconds(32)).last)
        let due = try #require(session.wakeAt)
        #expect(opened(gate(session, interim: look, at: due + .seconds(30))).contains(.advance))
        #expect(!opened(gate(session, interim: look, at: due + .seconds(31))).contains(.advance))
        var terms = ReleaseGate.Terms.default
        terms.maximumAge = .seconds(1)
        #expect(
            !opened(gate(session, interim: look, terms: terms, at: look.decidedAt + .seconds(2))).contains(.advance)
        )
    }

    /// One metric of the sequential judge, as a look left it.
    private func sequential(_ change: (inout MetricJudgement, inout SequentialEvidence?) -> Void) -> ReleaseGate {
        var plan = analyses.plan()
        plan.judge = SequentialJudge.name
        plan.metrics.removeLast()
        let session = analyses.session(plan)
        var evidence: SequentialEvidence? = SequentialEvidence(
            comparison: .counts,
            margin: 1.02,
            harmEvidence: 0,
            harmThreshold: 3,
            safetyEvidence: 0,
            safetyThreshold: 3,
            noise: NoiseEvidence(source: .measured, dispersion: 1),
            units: 1
        )
        var metric = MetricJudgement(
            name: "errors",
            groups: ["g"],
            classification: .undecided,
            reason: nil,
            control: .empty,
            experiment: .empty
        )
        change(&metric, &evidence)
        if let evidence { metric.evidence = .sequential(evidence) }
        let verdict = Verdict(
            id: "v",
            session: session.id,
            kind: .interim,
            status: .completed,
            result: .inconclusive,
            reason: "r",
            nextStep: "n",
            event: session.event,
            plan: plan.name,
            judge: plan.judge,
            thresholds: plan.thresholds,
            openedAt: start,
            decidedAt: start,
            look: 1,
            looks: 3,
            step: .seconds(1),
            metrics: [
                MetricVerdict(
                    judgement: metric,
                    controlQuery: nil,
                    experimentQuery: nil,
                    held: nil,
                    warnings: []
                )
            ]
        )
        return gate(session, interim: verdict, at: start)
    }

    @Test("With the sequential judge traffic grows while nothing that could hold a pass back is seen")
    func sequentialLooks() {
        #expect(opened(sequential { _, _ in }) == [.start, .advance])
        let against: [(inout MetricJudgement, inout SequentialEvidence?) -> Void] = [
            { $1?.harmEvidence = 1.1 },
            { metric, _ in metric.telemetry = .experimentWithoutTraffic },
            { $1 = nil },
            { metric, _ in metric.decidesNothing = true },
            { $1?.split = SplitEvidence(declared: 0.1, seen: 0.2, isWrong: true) },
            { metric, _ in metric.classification = .high },
            { $1?.environment = EnvironmentEvidence(ratio: 5, isDegraded: true) },
        ]
        for change in against { #expect(opened(sequential(change)) == [.start]) }
    }

    @Test func whatIsStaleOpensNothing() {
        let session = ended()
        let decided = session.finalVerdict?.decidedAt ?? start
        #expect(opened(gate(session, at: decided + .seconds(86_400))) == [.start, .advance, .promote])
        #expect(opened(gate(session, at: decided + .seconds(86_401))) == [.start])
        let failed = ended(analyses.failing)
        #expect(opened(gate(failed, at: start + .seconds(90_000))) == [.start])
        #expect(opened(gate(session, isWithdrawn: true)) == [.start])
        #expect(opened(gate(session, isAnnounced: true)) == [])
    }

    @Test func aPlanOfTheEventCountsOnlyWhereThatIsAskedFor() {
        var event = analyses.session(analyses.plan()).event
        event.inlinePlan = "metrics: []"
        var session = AnalysisSession(id: "s", event: event, plan: analyses.plan(), receivedAt: start)
        let look = analyses.wake(&session, at: start + .seconds(32))
        #expect(opened(gate(session, interim: look.last)) == [.start])
        for second in [52, 72] { _ = analyses.wake(&session, at: start + .seconds(second)) }
        #expect(session.finalVerdict?.result == .pass)
        #expect(opened(gate(session)) == [.start])
        var terms = ReleaseGate.Terms.default
        terms.plansFromEvents = true
        #expect(opened(gate(session, terms: terms)) == [.start, .advance, .promote])
    }

    @Test("A verdict that rests on an outage, or on a cause that this version does not know, is no firm one")
    func heldVerdicts() {
        for cause in [HoldCause.unreachable, .overloaded, .unknown("new")] {
            for experiment in [nil, analyses.failing] {
                var session = ended(experiment)
                session.finalVerdict?.hold = Hold(cause: cause, reason: "r", since: start)
                #expect(opened(gate(session)) == [.start])
            }
        }
    }
}
