import Analysis
import ServiceLifecycle
package import Store
import Telemetry

/// Keeps the gauges that are read from the store up to date: sessions by phase, depth and age of the outbox.
package struct StoreGauges: Service {
    private let store: any Store
    private let clock: any EngineClock
    private let metrics: EngineMetrics
    private let interval: Duration

    package init(store: any Store, clock: any EngineClock, metrics: EngineMetrics, interval: Duration = .seconds(10)) {
        self.store = store
        self.clock = clock
        self.metrics = metrics
        self.interval = interval
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await self.refresh()
                try? await self.clock.sleep(until: self.clock.now() + self.interval)
            }
        }
    }

    package func refresh() async throws(StoreError) {
        let counts = try await store.sessionCounts()
        for phase in ["warmingUp", "sampling", "finished"] {
            metrics.sessions.set(Double(counts.first { $0.key.rawValue == phase }?.value ?? 0), phase)
        }
        let depths = try await store.outboxDepths()
        let now = clock.now()
        for sink in OutboxSink.allCases {
            let depth = depths.first { $0.sink == sink }
            metrics.outboxDepth.set(Double(depth?.count ?? 0), sink.rawValue)
            metrics.outboxAge.set(depth?.oldest.map { now.since($0).seconds } ?? 0, sink.rawValue)
        }
    }
}
