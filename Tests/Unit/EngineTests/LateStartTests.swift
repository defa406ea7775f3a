import Analysis
import Engine
import Testing

/// An event of hours ago makes an analysis ask for its whole window at once.
@Suite(.timeLimit(.minutes(5))) struct LateStartTests {
    private static func plan(metrics: Int, lifetime: Duration) -> AnalysisPlan {
        var plan = EngineHarness.plan()
        plan.schedule = AnalysisSchedule(step: .seconds(1), interval: lifetime, lifetime: lifetime)
        plan.metrics = (0..<metrics).map { PlannedMetric(name: "m\($0)", query: "m\($0){${scope}}") }
        return plan
    }

    @Test("The one look of the largest plan asks for no more than a look may have") func largest() async {
        let plan = Self.plan(metrics: 500, lifetime: .seconds(200))
        #expect(plan.problems.isEmpty)
        let now = EngineHarness.start
        var event = EngineHarness.event("1")
        event.time = now - .seconds(23 * 3600)
        let session = AnalysisSession(id: "s", event: event, plan: plan, receivedAt: now)
        let look = session.schedule.latestDue(at: now)
        #expect(look?.isLast == true)
        let backEnd = ScriptedBackEnd(ScriptedBackEnd.sides { _ in 1 })
        var history = SampleHistory(start: session.schedule.start, step: plan.schedule.step)
        let blocks = await Sampler(backEnd: backEnd)
            .sample(look ?? session.schedule.look(1), of: session, history: &history).new
        let asked = backEnd.questions.reduce(0) { $0 + $1.window.sampleCount(step: plan.schedule.step) }
        #expect(asked == AnalysisPlan.maximumSamplesPerLook)
        #expect(blocks.reduce(0) { $0 + $1.values.count } == AnalysisPlan.maximumSamplesPerLook)
    }

    @Test("A plan for 1,000 queries of 10,980 samples opens nothing") func beyond() {
        #expect(!Self.plan(metrics: 500, lifetime: .seconds(10_980)).problems.isEmpty)
    }
}
