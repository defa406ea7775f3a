import Analysis
import Judging
import Testing

@Suite struct SessionTransitionTests {
    private let start = Timestamp(milliseconds: 1_772_359_200_000)

    private var session: AnalysisSession {
        AnalysisSession(
            id: "s",
            event: DeployEvent(
                identity: EventIdentity(source: "/ci", id: "1"),
                application: "shop",
                environment: "production",
                version: "2.0"
            ),
            plan: AnalysisPlan(
                name: "p",
                schedule: AnalysisSchedule(step: .seconds(1), interval: .seconds(10), lifetime: .seconds(20)),
                metrics: [PlannedMetric(name: "m", query: "m{${scope}}")]
            ),
            receivedAt: start
        )
    }

    private func between(_ before: AnalysisSession?, _ after: AnalysisSession) -> [SessionTransition] {
        SessionTransition.between(before, after, verdicts: [], at: start, replica: "a")
    }

    @Test func aSessionOpensAndEnds() {
        let opened = session
        let first = between(nil, opened)
        #expect(first.map(\.cause) == [.opened])
        #expect(first[0].from == nil && first[0].to == .warmingUp && first[0].replica == "a")
        #expect(first[0].reason == "deploy event 1 of /ci, plan p")
        var ended = opened
        _ = ended.handle(.superseded(version: "3.0"), at: start)
        #expect(between(opened, ended).map(\.cause) == [.finished])
        #expect(between(opened, ended)[0].reason.hasPrefix("cancelled, inconclusive: superseded"))
        // One that ends before it began has both.
        #expect(between(nil, ended).map(\.cause) == [.opened, .finished])
        #expect(between(nil, ended).map(\.from) == [nil, .warmingUp])
    }

    @Test func whatChangesNothingIsNoTransition() {
        #expect(between(session, session).isEmpty)
        var updated = session
        var event = session.event
        event.weight = 50
        _ = updated.handle(.updated(event), at: start)
        #expect(between(session, updated).map(\.cause) == [.updated])
    }

    @Test func aLookSaysWhatItHasComeTo() {
        var looked = session
        let look = looked.schedule.look(1)
        var samples = SideSamples(query: "q", values: Array(repeating: 1, count: 10))
        samples.values[0] = 2
        _ = looked.handle(.woken, at: look.due)
        let found = LookSamples(look: look, metrics: [MetricSamples(control: samples, experiment: samples)])
        guard case .judge(let review, let rules)? = looked.handle(.sampled(found), at: look.due).first else {
            Issue.record("nothing to judge")
            return
        }
        let judgement = NetflixACAJudge().judge(review.judgeable, by: rules)
        let verdicts = looked.handle(.judged(judgement, review), at: look.due).compactMap { action in
            if case .publish(let verdict) = action { verdict } else { nil }
        }
        let transitions = SessionTransition.between(session, looked, verdicts: verdicts, at: look.due, replica: "a")
        #expect(transitions.map(\.cause) == [.looked] && transitions.map(\.result) == [.pass])
        #expect(between(session, looked).map(\.result) == [nil])
    }

    @Test func waitingBeginsOnceAndEnds() {
        var held = session
        let outage = SideSamples(query: "q", failure: SamplingFailure(kind: .unreachable, message: "refused"))
        let look = held.schedule.look(1)
        _ = held.handle(.woken, at: look.due)
        let samples = LookSamples(look: look, metrics: [MetricSamples(control: outage, experiment: outage)])
        guard case .judge(let review, let rules)? = held.handle(.sampled(samples), at: look.due).first else {
            Issue.record("nothing to judge")
            return
        }
        let judgement = NetflixACAJudge().judge(review.judgeable, by: rules)
        _ = held.handle(.judged(judgement, review), at: look.due)
        let transitions = between(session, held)
        #expect(transitions.map(\.cause) == [.held])
        #expect(transitions[0].reason.hasPrefix("unreachable: m, control: refused"))
        var resumed = held
        _ = resumed.handle(.cancelled(reason: "x"), at: look.due)
        #expect(between(held, resumed).map(\.cause) == [.finished])
    }
}
