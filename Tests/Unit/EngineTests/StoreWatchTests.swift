import Analysis
import Concurrency
import Engine
import Foundation
import Store
import Telemetry
import Testing

@Suite struct StoreWatchTests {
    @Test func askingHasNoEffectOnTheStore() async throws {
        try await withDirectory { directory in
            let path = directory.appending(path: "store.db").path
            let store = try SQLiteStore(path: path)
            let log = CollectedLog()
            let watch = StoreWatch(store: store, clock: ManualClock(EngineHarness.start), logger: log.logger)
            await watch.look()
            func written() -> Int {
                let attributes = try? FileManager.default.attributesOfItem(atPath: path + "-wal")
                return (attributes?[.size] as? Int) ?? 0
            }
            let before = written()
            for _ in 0..<1000 { #expect(watch.trouble == nil) }
            #expect(written() == before)
            await store.close()
            await watch.look()
            #expect(watch.trouble != nil)
        }
    }

    @Test func aFileThatIsDeletedIsNoticedAndLoggedOnce() async throws {
        try await withDirectory { directory in
            let path = directory.appending(path: "store.db").path
            let store = try SQLiteStore(path: path)
            let log = CollectedLog()
            let clock = ManualClock(EngineHarness.start)
            let watch = StoreWatch(store: store, clock: clock, logger: log.logger)
            let (backpressure, metrics) = (IntakeBackpressure(), EngineMetrics(MetricRegistry()))
            let gauges = StoreGauges(
                store: store,
                clock: clock,
                metrics: metrics,
                backpressure: backpressure,
                logger: log.logger
            )
            await watch.look()
            #expect(watch.trouble == nil)
            try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
            for _ in 0..<3 { await watch.look() }
            #expect(watch.trouble?.contains("was deleted") == true)
            #expect(log.count(of: "the store takes no writes") == 1)
            var outage = Outage<Timestamp>()
            await gauges.pass(&outage)
            #expect(backpressure.closed == "the store's file was deleted or replaced under the process")
            #expect(metrics.intakeClosed.value() == 1)

            try FileManager.default.moveItem(atPath: path + ".away", toPath: path)
            await watch.look()
            await gauges.pass(&outage)
            #expect(watch.trouble == nil)
            #expect(backpressure.closed == nil)
            #expect(log.count(of: "the store takes writes again") == 1)
            await store.close()
        }
    }
}
