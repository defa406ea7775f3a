import Analysis
import Concurrency
import Engine
import Judging
import Simulation
import Store
import Telemetry
import Testing

/// A store that has grown to its limit takes nothing in, and works off what it has.
@Suite(.timeLimit(.minutes(5))) struct StoreQuotaTests {
    private func withGauges(
        _ limits: IntakeBackpressure.Limits,
        _ body: (EngineHarness, StoreGauges, IntakeBackpressure, EngineMetrics) async throws -> Void
    ) async throws {
        let clock = ManualClock(EngineHarness.start)
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd(ScriptedBackEnd.sides { 10 + Double($0 % 7) })
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock)
            let (backpressure, metrics) = (IntakeBackpressure(limits: limits), EngineMetrics(MetricRegistry()))
            let gauges = StoreGauges(
                store: harness.store,
                clock: clock,
                metrics: metrics,
                backpressure: backpressure,
                logger: CollectedLog().logger
            )
            try await body(harness, gauges, backpressure, metrics)
            await harness.store.close()
        }
    }

    @Test func theIntakeClosesAndTheAnalysisGoesOn() async throws {
        var limits = IntakeBackpressure.Limits()
        limits.storeBytes = 1
        try await withGauges(limits) { harness, gauges, backpressure, metrics in
            _ = try await harness.store.receive([
                ReceivedEvent(event: EngineHarness.event("1"), receivedAt: EngineHarness.start)
            ])
            try await gauges.refresh()
            #expect(backpressure.closed?.hasSuffix("bytes; database.maximumBytes is 1") == true)
            #expect(metrics.intakeClosed.value() == 1)
            #expect(metrics.storeBytes.value() > 1)
            #expect(metrics.storeMaximumBytes.value() == 1)
            try await harness.run(for: 60)
            let session = SessionID.make(for: EngineHarness.event("1").identity)
            #expect(try await harness.store.verdicts(ofSession: session).last?.result == .pass)
        }
    }

    @Test func withoutALimitNothingCloses() async throws {
        try await withGauges(IntakeBackpressure.Limits()) { _, gauges, backpressure, metrics in
            try await gauges.refresh()
            #expect(backpressure.closed == nil)
            #expect(metrics.storeMaximumBytes.value() == 0)
        }
    }

    @Test("More analyses than allowed close it, and as many do not", arguments: [1, 2])
    func unfinishedAnalysesCloseIt(most: Int) async throws {
        var limits = IntakeBackpressure.Limits()
        limits.unfinishedAnalyses = most
        try await withGauges(limits) { harness, gauges, backpressure, _ in
            for (number, application) in ["a", "b"].enumerated() {
                var event = EngineHarness.event("\(number)")
                event.application = application
                _ = try await harness.store.receive([ReceivedEvent(event: event, receivedAt: EngineHarness.start)])
            }
            try await harness.engine.runDue()
            try await gauges.refresh()
            let reason = "2 analyses have not ended; engine.maximumAnalyses is 1"
            #expect(backpressure.closed == (most == 1 ? reason : nil))
            try await harness.run(for: 120)
            try await gauges.refresh()
            #expect(backpressure.closed == nil)
        }
    }

    @Test func eventsThatWaitBecauseOfTheirSourceAreCountedAndToldOnce() async throws {
        let clock = ManualClock(EngineHarness.start)
        let (backpressure, metrics, log) = (IntakeBackpressure(), EngineMetrics(MetricRegistry()), CollectedLog())
        let store = MemoryStore { clock.now() }
        let gauges = StoreGauges(
            store: store,
            clock: clock,
            metrics: metrics,
            backpressure: backpressure,
            logger: log.logger
        )
        _ = try await store.receive(
            (0..<3).map { number in
                var event = EngineHarness.event("\(number)")
                event.application = "a\(number)"
                return ReceivedEvent(event: event, receivedAt: clock.now())
            }
        )
        let opener = SessionOpener(plans: OnePlan(found: EngineHarness.plan()), maximumAge: .seconds(86_400))
        _ = try await store.answerEvents(limit: 9, maximumPerSource: 1) { event, record in
            opener.answer(event, record, at: EngineHarness.start)
        }
        for _ in 0..<3 { try await gauges.refresh() }
        #expect(metrics.heldEvents.value() == 2)
        #expect(log.count(of: "deploy events wait because their source has as many analyses as it may") == 1)
        _ = try await store.answerEvents(limit: 9) { event, record in
            opener.answer(event, record, at: EngineHarness.start)
        }
        for _ in 0..<3 { try await gauges.refresh() }
        #expect(metrics.heldEvents.value() == 0)
        #expect(log.count(of: "no deploy events wait because of their source any more") == 1)
    }
}
