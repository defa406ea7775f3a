import Analysis
import Engine
import Foundation
import Judging
import Store
import Telemetry
import Testing

@Suite("Analyses of past windows")
struct PastReplayTests {
    private let clock = ManualClock(EngineHarness.start)

    /// A live analysis that has ended, and what a past window is judged by afterwards.
    private func open(
        _ plan: AnalysisPlan,
        _ answer: @escaping ScriptedBackEnd.Answer,
        _ body: (EngineHarness, ScriptedBackEnd, Verdict, URL) async throws -> Void
    ) async throws {
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd(answer)
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: plan)
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 320)
            let verdict = try #require(harness.topic.verdicts.last)
            try #require(verdict.kind == .final)
            clock.advance(by: .seconds(4_000))
            try await body(harness, backEnd, verdict, directory.appending(path: "store.db"))
            await harness.store.close()
        }
    }

    private func replay(
        _ harness: EngineHarness,
        _ backEnd: any MetricsBackEnd,
        isBusy: Bool = false,
        isAway: Bool = false,
        retries: Int = 0
    ) -> PastReplay {
        PastReplay(
            records: harness.store,
            source: BackgroundSource(
                backEnd,
                pause: .zero,
                mostPauses: 3,
                retries: retries,
                isBusy: { isBusy },
                isAway: { isAway }
            ),
            clock: clock,
            queries: MetricRegistry().counter("q_total", "Queries.", labels: "outcome"),
            name: "test"
        )
    }

    private func request(_ plan: AnalysisPlan, _ deployed: Timestamp = EngineHarness.start) throws -> PastAnalysis {
        var event = EngineHarness.event("past", time: deployed)
        event.identity = EventIdentity(source: "/past", id: "1")
        return try PastWindowRequest(event: event, window: nil).analysis(by: plan, id: "past", at: clock.now())
    }

    private static let pods: @Sendable (Double) -> ScriptedBackEnd.Answer = { factor in
        { query, window, step throws(SamplingFailure) in
            let track = query.contains("canary") ? "canary" : "stable"
            let pods = SelfCheckPods(track: track, factor: { _ in track == "canary" ? factor : 1 })
            return try pods.answer(query, window, step)
        }
    }

    @Test("What was judged live comes to the same afterwards, at the same look", arguments: [1, 1.3, 1.5, 2, 5])
    func asLive(_ factor: Double) async throws {
        try await open(SelfCheckWorld.plan(), Self.pods(factor)) { harness, backEnd, live, file in
            let stored = try stored(file)
            let messages = harness.topic.messages
            let asked = backEnd.questions.count
            let answer = try #require(try await replay(harness, backEnd).answer(to: try request(SelfCheckWorld.plan())))
            try expectSame(answer, as: live)
            // Each query is asked once for the whole time, and of the time before once more.
            let questions = backEnd.questions.dropFirst(asked)
            #expect(Set(questions.map { "\($0.query) \($0.window)" }).count == questions.count)
            #expect(questions.allSatisfy { $0.window.end < clock.now() })
            #expect(try self.stored(file) == stored)
            #expect(await harness.deliver(harness.relay) == 0)
            #expect(harness.topic.messages == messages)
        }
    }

    @Test("The judges of whole windows do too", arguments: [10.0, 14, 30])
    func asLiveByWindows(_ level: Double) async throws {
        let answer = ScriptedBackEnd.sides { level + Double($0 % 7) }
        for plan in [EngineHarness.plan(), EngineHarness.plan(failFast: .never)] {
            try await open(plan, answer) { harness, backEnd, live, file in
                let stored = try stored(file)
                let past = try request(plan, live.openedAt)
                let answer = try #require(try await replay(harness, backEnd).answer(to: past))
                try expectSame(answer, as: live)
                #expect(try self.stored(file) == stored)
            }
        }
    }

    private func expectSame(_ answer: PastReplay.Answer, as live: Verdict) throws {
        let verdict = try #require(answer.session.finalVerdict)
        #expect(answer.verdicts.last == verdict)
        #expect(verdict.result == live.result && verdict.status == live.status && verdict.look == live.look)
        #expect(verdict.reason == live.reason)
        #expect(verdict.decidedAt == live.decidedAt)
        #expect(verdict.metrics == live.metrics)
        #expect(verdict.groups == live.groups && verdict.score == live.score && verdict.window == live.window)
        #expect(!answer.samples.isEmpty)
        #expect(answer.transitions.last?.cause == .finished)
    }

    private func stored(_ file: URL) throws -> [Data] {
        try ["", "-wal"].map { try Data(contentsOf: URL(filePath: file.path + $0)) }
    }

    @Test("An outage says so and passes nothing, whenever it comes")
    func outage() async throws {
        try await open(EngineHarness.plan(), ScriptedBackEnd.sides { 10 + Double($0 % 7) }) { harness, backEnd, _, _ in
            for kind in [SamplingFailure.Kind.unreachable, .overloaded] {
                backEnd.replace { query, window, step throws(SamplingFailure) in
                    guard query.contains("stable") else { throw SamplingFailure(kind: kind, message: "no route") }
                    return ScriptedBackEnd.column(window, step) { _ in 1 }
                }
                let past = try request(EngineHarness.plan())
                let verdict = try #require(
                    try await replay(harness, backEnd).answer(to: past)?.session.finalVerdict
                )
                #expect(verdict.status == .errored && verdict.result == .inconclusive)
                #expect(verdict.cause == (kind == .unreachable ? .unreachable : .overloaded))
                #expect(verdict.reason == "the samples could not be had: no route")
            }
            for (isBusy, isAway, cause) in [(true, false, UndecidedCause.overloaded), (false, true, .unreachable)] {
                let replay = replay(harness, backEnd, isBusy: isBusy, isAway: isAway)
                let asked = backEnd.questions.count
                let verdict = try await replay.answer(to: try request(EngineHarness.plan()))?.session.finalVerdict
                #expect(verdict?.status == .errored && verdict?.cause == cause)
                #expect(backEnd.questions.count == asked)
            }
        }
    }

    @Test("Incomplete answers pass nothing")
    func partial() async throws {
        let healthy = ScriptedBackEnd.sides { 10 + Double($0 % 7) }
        try await open(EngineHarness.plan(), healthy) { harness, backEnd, _, _ in
            backEnd.replace { query, window, step throws(SamplingFailure) in
                var answer = try healthy(query, window, step)
                answer.isPartial = true
                answer.warnings = ["store-3 is away"]
                return answer
            }
            let past = try request(EngineHarness.plan())
            let verdict = try #require(try await replay(harness, backEnd).answer(to: past)?.session.finalVerdict)
            #expect(verdict.status == .errored && verdict.result == .inconclusive && verdict.cause == .partialData)
            #expect(verdict.reason.contains("store-3 is away"))
        }
    }

    @Test("A side without samples, and a query that is refused, end as in a live analysis")
    func nothing() async throws {
        let healthy = ScriptedBackEnd.sides { 10 + Double($0 % 7) }
        try await open(EngineHarness.plan(), healthy) { harness, backEnd, _, _ in
            backEnd.replace { query, window, step throws(SamplingFailure) in
                query.contains("canary") ? BackEndAnswer(series: []) : try healthy(query, window, step)
            }
            let past = try request(EngineHarness.plan())
            let silent = try #require(try await replay(harness, backEnd).answer(to: past)?.session.finalVerdict)
            #expect(silent.result == .inconclusive && silent.cause == .noData)
            backEnd.replace { _, _, _ throws(SamplingFailure) in
                throw SamplingFailure(kind: .badQuery, message: "parse error")
            }
            let refused = try #require(try await replay(harness, backEnd).answer(to: past)?.session.finalVerdict)
            #expect(refused.status == .errored && refused.cause == .notJudgeable)
        }
    }

    @Test("The control may be of another time")
    func anotherTime() async throws {
        let start = EngineHarness.start
        let healthy = ScriptedBackEnd.sides { 10 + Double($0 % 7) }
        try await open(EngineHarness.plan(), healthy) { harness, backEnd, _, _ in
            // Ten times as many errors from the release on, on both sides.
            backEnd.replace { query, window, step throws(SamplingFailure) in
                ScriptedBackEnd.column(window, step) { second in
                    (second * 1000 > start.milliseconds ? 100 : 10) + Double(second % 7)
                }
            }
            var event = EngineHarness.event("past")
            event.experiment = ["track": "canary"]
            event.control = .labels(["track": "canary"])
            let window = TimeWindow(start: start + .seconds(10), end: start + .seconds(70))
            for (shift, result) in [(Duration.seconds(3600), JudgementResult.fail), (.seconds(-1000), .pass)] {
                let request = PastWindowRequest(
                    event: event,
                    window: window,
                    controlWindow: window.shifted(by: .zero - shift)
                )
                let past = try request.analysis(by: EngineHarness.plan(), id: "p", at: clock.now())
                #expect(past.window == window && past.controlWindow == window.shifted(by: .zero - shift))
                let asked = backEnd.questions.count
                let verdict = try await replay(harness, backEnd).answer(to: past)?.session.finalVerdict
                #expect(verdict?.result == result)
                #expect(Set(backEnd.questions.dropFirst(asked).map(\.window)) == [past.window, past.controlWindow])
            }
        }
    }
}
