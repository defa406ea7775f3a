import Analysis
import Engine
import Store
import Synchronization
import Testing

@Suite struct SamplerTests {
    private static let start = EngineHarness.start

    private static func session(metrics: Int = 1) -> AnalysisSession {
        var plan = EngineHarness.plan()
        plan.metrics = (0..<metrics).map { PlannedMetric(name: "m\($0)", query: "m\($0){${scope}}") }
        return AnalysisSession(id: "s", event: EngineHarness.event("1"), plan: plan, receivedAt: start)
    }

    private static func history(of session: AnalysisSession) -> SampleHistory {
        SampleHistory(start: session.schedule.start, step: session.plan.schedule.step)
    }

    /// Samples that arrive after the window was read are asked for again, as far back as they are missing.
    @Test func whatIsMissingAtTheEndIsAskedForAgain() async {
        let session = Self.session()
        let visible = Mutex(Self.start + .seconds(11))
        let backEnd = ScriptedBackEnd { _, window, step throws(SamplingFailure) in
            let visible = visible.withLock { $0 }
            return ScriptedBackEnd.column(window, step) { second in
                second * 1000 <= visible.milliseconds ? 1 : .nan
            }
        }
        let sampler = Sampler(backEnd: backEnd)
        var history = Self.history(of: session)
        let look = session.schedule.look(1)
        var samples = await sampler.sample(look, of: session, history: &history).samples
        #expect(samples.metrics[0].experiment.presentCount == 11)
        visible.withLock { $0 = Self.start + .seconds(100) }
        samples = await sampler.sample(look, of: session, history: &history).samples
        #expect(samples.metrics[0].experiment.presentCount == 20)
        // From the first that was missing, with the overlap.
        #expect(backEnd.questions.last?.window.duration == .seconds(11))
        _ = await sampler.sample(session.schedule.look(2), of: session, history: &history)
        #expect(backEnd.questions.last?.window.duration == .seconds(22))
    }

    @Test func eachSideKnowsWhatItWasAskedForBy() async {
        let session = Self.session()
        let backEnd = ScriptedBackEnd(ScriptedBackEnd.sides { _ in 1 })
        var history = Self.history(of: session)
        let samples = await Sampler(backEnd: backEnd).sample(session.schedule.look(1), of: session, history: &history)
            .samples
        #expect(samples.metrics[0].control.labels == ["track": "stable"])
        #expect(samples.metrics[0].experiment.labels == ["track": "canary"])
    }

    @Test("An event that compares with a time after the release is told") func eventsPast() async {
        let backEnd = ScriptedBackEnd(ScriptedBackEnd.sides { _ in 1 })
        for (before, count) in [(Duration.seconds(1), 1), (.seconds(86_400), 0)] {
            var event = EngineHarness.event("1")
            event.control = .before(before)
            let session = AnalysisSession(id: "s", event: event, plan: EngineHarness.plan(), receivedAt: Self.start)
            var history = Self.history(of: session)
            let samples = await Sampler(backEnd: backEnd)
                .sample(session.schedule.look(1), of: session, history: &history).samples
            let found = samples.planWarnings.filter { $0.hasPrefix("event, control.before: 1s is shorter than") }
            #expect(found.count == count, "\(samples.planWarnings)")
        }
    }

    @Test func severalSeriesAreNamed() async {
        let session = Self.session()
        let backEnd = ScriptedBackEnd { _, window, step throws(SamplingFailure) in
            let column = ScriptedBackEnd.column(window, step) { _ in 1 }.series[0]
            return BackEndAnswer(
                series: [column, column, column],
                names: [#"{pod="a"}"#, #"{pod="b"}"#, #"{pod="c"}"#]
            )
        }
        var history = Self.history(of: session)
        let samples = await Sampler(backEnd: backEnd).sample(session.schedule.look(1), of: session, history: &history)
            .samples
        let message = samples.metrics[0].control.failure?.message ?? ""
        #expect(message.hasPrefix(#"the query gives 3 series where one is meant ({pod="a"}, {pod="b"}, …); aggregate"#))
    }

    /// A back end that keeps its answers until it is told otherwise, and counts the callers that wait.
    private final class SlowBackEnd: MetricsBackEnd {
        private struct State {
            var waiting: [CheckedContinuation<Void, Never>] = []
            var most = 0
            var answered = 0
        }

        private let state = Mutex(State())

        var most: Int { state.withLock { $0.most } }
        var answered: Int { state.withLock { $0.answered } }

        func series(
            of query: String,
            in window: TimeWindow,
            step: Duration
        ) async throws(SamplingFailure) -> BackEndAnswer {
            await withCheckedContinuation { continuation in
                let ready = state.withLock { state -> [CheckedContinuation<Void, Never>] in
                    state.waiting.append(continuation)
                    state.most = max(state.most, state.waiting.count)
                    state.answered += 1
                    // All that a look may have under way are here, or all that are left.
                    guard state.waiting.count == 16 || state.answered == 100 else { return [] }
                    defer { state.waiting = [] }
                    return state.waiting
                }
                for one in ready { one.resume() }
            }
            return BackEndAnswer(series: [])
        }
    }

    @Test func aLookOfManyMetricsHasFewQueriesUnderWay() async {
        let session = Self.session(metrics: 50)
        let backEnd = SlowBackEnd()
        var history = Self.history(of: session)
        _ = await Sampler(backEnd: backEnd).sample(session.schedule.look(1), of: session, history: &history)
        #expect(backEnd.answered == 100)
        #expect(backEnd.most == 16)
    }
}
