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

    @Test func sessionIDsDependOnSourceAndID() {
        let one = SessionID.make(for: EventIdentity(source: "a", id: "bc"))
        #expect(one == SessionID.make(for: EventIdentity(source: "a", id: "bc")))
        #expect(one != SessionID.make(for: EventIdentity(source: "ab", id: "c")))
        #expect(one.count == 32)
    }
}
