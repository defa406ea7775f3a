import Analysis
import Concurrency
import Engine
import Foundation
import Judging
import Logging
import Store
import Telemetry
import Testing

@Suite("Making analyses of past windows")
struct PastAnalysisKeeperTests {
    private let clock = ManualClock(EngineHarness.start)

    private func withStore(_ body: (any Store) async throws -> Void) async throws {
        try await withDirectory { directory in
            let store = try SQLiteStore(path: directory.appending(path: "store.db").path)
            try await body(store)
            await store.close()
        }
    }

    private func keeper(
        _ name: String,
        _ store: any Store,
        _ backEnd: any MetricsBackEnd,
        metrics: EngineMetrics = EngineMetrics(MetricRegistry())
    ) -> PastAnalysisKeeper {
        PastAnalysisKeeper(
            store: store,
            source: BackgroundSource(backEnd, pause: .zero, isBusy: { false }, isAway: { false }),
            work: WakeSignal(),
            clock: clock,
            metrics: metrics,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            options: PastAnalysisKeeper.Options(owner: name)
        )
    }

    private func add(_ id: String, to store: any Store) async throws {
        let event = EngineHarness.event(id, time: clock.now() - .seconds(3600))
        let past = try PastWindowRequest(event: event, window: nil)
            .analysis(by: EngineHarness.plan(), id: id, at: clock.now())
        #expect(try await store.add(past, at: clock.now(), unlessWaiting: 10))
        clock.advance(by: .seconds(1))
    }

    @Test("They are made in the order in which they were asked for, and counted apart")
    func order() async throws {
        try await withStore { store in
            try await add("b", to: store)
            try await add("a", to: store)
            let metrics = EngineMetrics(MetricRegistry())
            let keeper = keeper(
                "one",
                store,
                ScriptedBackEnd(ScriptedBackEnd.sides { 30 + Double($0 % 7) }),
                metrics: metrics
            )
            #expect(try await keeper.makeNext())
            let first = try await store.pastAnalysis(id: "b")
            #expect(first?.analysis.session.finalVerdict?.result == .fail && first?.finishedAt == clock.now())
            #expect(first?.analysis.verdicts.isEmpty == false && first?.analysis.transitions.isEmpty == false)
            #expect(try await !store.samples(ofPastAnalysis: "b").isEmpty)
            #expect(try await keeper.makeNext())
            #expect(try await !keeper.makeNext())
            #expect(metrics.pastAnalyses.ended.value("fail") == 2)
            #expect(metrics.pastAnalyses.queries.value("answered") > 0)
            #expect(metrics.verdicts.value("final", "completed", "fail") == 0)
            #expect(metrics.queriesSent.value() == 0 && metrics.queriesNeeded.value() == 0)
        }
    }

    @Test("What a process leaves behind another one makes, and what ends each process is given up")
    func takeover() async throws {
        try await withStore { store in
            try await add("a", to: store)
            let healthy = ScriptedBackEnd(ScriptedBackEnd.sides { 10 + Double($0 % 7) })
            // One that dies in the middle holds its lease until it runs out.
            let claim = LeaseClaim(owner: "dead", now: clock.now(), until: clock.now() + .seconds(30))
            _ = try #require(try await store.claimPastAnalysis(claim))
            #expect(try await !keeper("one", store, healthy).makeNext())
            clock.advance(by: .seconds(31))
            #expect(try await keeper("one", store, healthy).makeNext())
            let verdict = try await store.pastAnalysis(id: "a")?.analysis.session.finalVerdict
            #expect(verdict?.result == .pass)

            try await add("b", to: store)
            for _ in 1..<ClaimedPastAnalysis.mostAttempts {
                let claim = LeaseClaim(owner: "dead", now: clock.now(), until: clock.now() + .seconds(30))
                _ = try #require(try await store.claimPastAnalysis(claim))
                clock.advance(by: .seconds(31))
            }
            let asked = healthy.questions.count
            #expect(try await keeper("one", store, healthy).makeNext())
            let given = try await store.pastAnalysis(id: "b")?.analysis.session.finalVerdict
            #expect(given?.status == .errored && given?.result == .inconclusive)
            #expect(given?.reason.contains("has ended 3 times") == true)
            #expect(healthy.questions.count == asked)
        }
    }

    @Test("What another process has taken over meanwhile is not written twice")
    func lost() async throws {
        try await withStore { store in
            try await add("a", to: store)
            let (clock, started) = (clock, TakenOver(store: store, clock: clock))
            let keeper = keeper("one", store, started)
            await #expect(throws: StoreError.self) { try await keeper.makeNext() }
            let stored = try await store.pastAnalysis(id: "a")
            #expect(stored?.finishedAt == nil && clock.now() > EngineHarness.start)
        }
    }

    /// A back end during whose answer the lease runs out, and another process claims the analysis.
    private struct TakenOver: MetricsBackEnd {
        let store: any Store
        let clock: ManualClock

        func series(
            of query: String,
            in window: TimeWindow,
            step: Duration
        ) async throws(SamplingFailure) -> BackEndAnswer {
            let time = clock.now() + .seconds(31)
            _ = try? await store.claimPastAnalysis(LeaseClaim(owner: "two", now: time, until: time + .seconds(30)))
            return ScriptedBackEnd.column(window, step) { 10 + Double($0 % 7) }
        }
    }
}
