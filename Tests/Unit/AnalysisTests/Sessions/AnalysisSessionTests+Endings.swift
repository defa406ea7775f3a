import Analysis
import Foundation
import Judging
import StoredFormats
import Testing

extension AnalysisSessionTests {
    @Test func ordinarySamplesAndHeldLooksHaveNoWarnings() {
        var ordinary = session(plan())
        let verdict = wake(&ordinary, at: start + .seconds(72), experiment: failing)
        #expect(verdict.map(\.warnings) == [[]])
        #expect(verdict.flatMap(\.metrics).flatMap(\.warnings) == [])
        // What is waited for is not missing from the score.
        var held = session(plan())
        let waiting = wake(&held, at: start + .seconds(32), control: outage)
        #expect(waiting.map(\.warnings) == [[]])
        #expect(waiting.flatMap(\.metrics).flatMap(\.warnings) == [])
    }

    @Test func otherJudgesHaveNoQuirks() throws {
        var plan = plan()
        plan.judge = "conditions"
        for index in plan.metrics.indices { plan.metrics[index].condition = try Condition(parsing: "canary <= 100") }
        var session = session(plan)
        let look = session.schedule.look(1)
        let infinite = SideSamples(query: "q", values: Array(repeating: .infinity, count: 20))
        let samples = MetricSamples(control: infinite, experiment: infinite)
        let actions = session.handle(.sampled(LookSamples(look: look, metrics: [samples, samples])), at: look.due)
        guard case .judge(let review, let rules) = actions.first else {
            Issue.record("not judged: \(actions)")
            return
        }
        let judgement = ConditionsJudge().judge(review.judgeable, by: rules)
        guard case .publish(let verdict) = session.handle(.judged(judgement, review), at: look.due).first else {
            Issue.record("no verdict")
            return
        }
        #expect(verdict.warnings == [] && verdict.metrics.flatMap(\.warnings) == [])
    }

    @Test func readsAVerdictOfBeforeItHadWarnings() throws {
        var session = session(plan())
        _ = wake(&session, at: start + .seconds(72))
        let data = try SessionForm.write(session)
        let text = String(decoding: data, as: UTF8.self)
        #expect(text.contains(#","warnings":[],"window":"#))
        let old = text.replacing(#","warnings":[],"window":"#, with: #","window":"#)
        #expect(try SessionForm.read(Data(old.utf8)) == session)
    }

    /// The sender of an event may give its plan any name, also that of a plan of the directory.
    @Test(arguments: [(nil, .directory), ("metrics: []", .event)] as [(String?, PlanOrigin)])
    func aVerdictSaysWhoWroteThePlan(text: String?, origin: PlanOrigin) throws {
        var event = session(plan()).event
        event.inlinePlan = text
        var session = AnalysisSession(id: "s", event: event, plan: plan(), receivedAt: start)
        // A repeat by another sender changes nothing about the plan.
        var repeated = event
        repeated.identity.id = "another"
        repeated.inlinePlan = text == nil ? "metrics: []" : nil
        _ = session.handle(.updated(repeated), at: start)
        let verdicts = wake(&session, at: start + .seconds(72))
        #expect(verdicts.map(\.planOrigin) == [origin])
        let stored = try SessionForm.read(SessionForm.write(session))
        #expect(stored.finalVerdict?.planOrigin == session.finalVerdict?.planOrigin && stored.planOrigin == origin)
    }

    @Test func aRepeatAddsWhatIsMissing() {
        var session = session(plan())
        var repeated = session.event
        repeated.identity.id = "another"
        repeated.workload = "shop"
        _ = session.handle(.updated(repeated), at: start)
        #expect(session.event.workload == "shop")
        repeated.workload = "another"
        repeated.imageDigest = "sha256:1"
        _ = session.handle(.updated(repeated), at: start)
        #expect(session.event.workload == "shop" && session.event.imageDigest == "sha256:1")
        repeated.imageDigest = "sha256:2"
        _ = session.handle(.updated(repeated), at: start)
        #expect(session.event.imageDigest == "sha256:1")
    }

    @Test func aVerdictWithoutAPlanNamesNoOrigin() {
        let none = AnalysisSession.rejected(
            id: "s",
            event: session(plan()).event,
            ending: .noPlan("there is none"),
            receivedAt: start,
            at: start
        )
        #expect(none.verdict.planOrigin == nil)
    }

    @Test func sessionIDsDependOnSourceAndID() {
        let one = SessionID.make(for: EventIdentity(source: "a", id: "bc"))
        #expect(one == SessionID.make(for: EventIdentity(source: "a", id: "bc")))
        #expect(one != SessionID.make(for: EventIdentity(source: "ab", id: "c")))
        #expect(one.count == 32)
    }
}
