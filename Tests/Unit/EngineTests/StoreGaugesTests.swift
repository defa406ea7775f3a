import Analysis
import Engine
import Foundation
import Logging
import Store
import Telemetry
import Testing

/// What is read from the store now and then, and what follows when it cannot be read.
@Suite struct StoreGaugesTests {
    private let clock = ManualClock(EngineHarness.start)
    private let valve = IntakeValve()
    private let metrics = EngineMetrics(MetricRegistry())

    private func gauges(of store: any Store) -> StoreGauges {
        StoreGauges(
            store: store,
            clock: clock,
            metrics: metrics,
            valve: valve,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
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
            var failingSince: Timestamp?
            await gauges.pass(&failingSince)
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
            var failingSince: Timestamp?
            await gauges.pass(&failingSince)
            #expect(failingSince == nil)
            await store.close()

            await gauges.pass(&failingSince)
            #expect(failingSince == EngineHarness.start)
            #expect(StoreError.Code.allCases.reduce(0) { $0 + metrics.storeFailures.value($1.rawValue) } == 1)
            #expect(valve.closed == nil)

            clock.advance(by: StoreGauges.patience - .seconds(1))
            await gauges.pass(&failingSince)
            #expect(valve.closed == nil)
            #expect(metrics.intakeClosed.value() == 0)

            clock.advance(by: .seconds(1))
            await gauges.pass(&failingSince)
            #expect(failingSince == EngineHarness.start)
            #expect(valve.closed == "the store has not said for 60 s how much waits")
            #expect(metrics.intakeClosed.value() == 1)
            #expect(StoreError.Code.allCases.reduce(0) { $0 + metrics.storeFailures.value($1.rawValue) } == 3)

            let back = try SQLiteStore(path: path)
            await self.gauges(of: back).pass(&failingSince)
            #expect(failingSince == nil)
            #expect(valve.closed == nil)
            #expect(metrics.intakeClosed.value() == 0)
            await back.close()
        }
    }
}
