import Analysis
import Concurrency
import Engine
import Foundation
import Logging
import Store
import Telemetry
import Testing

/// What is read from the store now and then, and what follows when it cannot be read.
@Suite struct StoreGaugesTests {
    private let clock = ManualClock(EngineHarness.start)
    private let backpressure = IntakeBackpressure()
    private let metrics = EngineMetrics(MetricRegistry())
    private let log = CollectedLog()

    private func gauges(of store: any Store) -> StoreGauges {
        StoreGauges(
            store: store,
            clock: clock,
            metrics: metrics,
            backpressure: backpressure,
            logger: log.logger
        )
    }

    @Test func whatWaitsIsCounted() async throws {
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd(ScriptedBackEnd.sides { 10 + Double($0 % 7) })
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock)
            let gauges = gauges(of: harness.store)
            _ = try await harness.store.receive([
                ReceivedEvent(event: EngineHarness.event("1"), receivedAt: clock.now())
            ])
            clock.advance(by: .seconds(9))
            try await gauges.refresh()
            #expect(metrics.waitingEvents.value() == 1)
            #expect(metrics.waitingAge.value() == 9)
            #expect(metrics.sessions.value("warmingUp") == 0)
            #expect(metrics.outboxDepth.value("verdicts") == 0)

            try await harness.engine.runDue()
            try await gauges.refresh()
            #expect(metrics.waitingEvents.value() == 0)
            #expect(metrics.waitingAge.value() == 0)
            #expect(metrics.sessions.value("warmingUp") + metrics.sessions.value("sampling") == 1)

            // A look whose verdict is not delivered.
            clock.advance(by: .seconds(22))
            try await harness.engine.runDue()
            clock.advance(by: .seconds(4))
            try await gauges.refresh()
            #expect(metrics.outboxDepth.value("verdicts") == 1)
            #expect(metrics.outboxAge.value("verdicts") == 4)

            try await harness.run(for: 60)
            var outage = Outage<Timestamp>()
            await gauges.pass(&outage)
            #expect(metrics.outboxDepth.value("verdicts") == 0)
            #expect(metrics.sessions.value("sampling") == 0)
            #expect(metrics.sessions.value("finished") == 1)
            await harness.store.close()
        }
    }

    @Test func aStoreThatStaysAwayClosesTheIntakeUntilItIsBack() async throws {
        try await withDirectory { directory in
            let path = directory.appending(path: "store.db").path
            let store = try SQLiteStore(path: path)
            let gauges = gauges(of: store)
            var outage = Outage<Timestamp>()
            await gauges.pass(&outage)
            #expect(outage.began == nil)
            await store.close()

            await gauges.pass(&outage)
            #expect(outage.began == EngineHarness.start)
            #expect(StoreError.Code.allCases.reduce(0) { $0 + metrics.storeFailures.value($1.rawValue) } == 1)
            #expect(backpressure.closed == nil)

            clock.advance(by: StoreGauges.patience - .seconds(1))
            await gauges.pass(&outage)
            #expect(backpressure.closed == nil)
            #expect(metrics.intakeClosed.value() == 0)

            clock.advance(by: .seconds(1))
            await gauges.pass(&outage)
            #expect(outage.began == EngineHarness.start)
            #expect(backpressure.closed == "the store has not said for 60 s how much waits")
            #expect(metrics.intakeClosed.value() == 1)
            #expect(StoreError.Code.allCases.reduce(0) { $0 + metrics.storeFailures.value($1.rawValue) } == 3)

            let back = try SQLiteStore(path: path)
            await self.gauges(of: back).pass(&outage)
            #expect(outage.began == nil)
            #expect(backpressure.closed == nil)
            #expect(metrics.intakeClosed.value() == 0)
            #expect(log.count(of: "warning: what waits in the store cannot be counted") == 1)
            #expect(log.count(of: "can be counted again after=60s failures=3") == 1)
            await back.close()
        }
    }
}
