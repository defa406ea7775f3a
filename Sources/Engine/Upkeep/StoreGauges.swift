import Analysis
import ServiceLifecycle
package import Store
import Telemetry

/// Keeps what is read from the store now and then up to date: the gauges of sessions, inbox and outbox, and the valve
/// that stops the intake while too much waits.
package struct StoreGauges: Service {
    private let store: any Store
    private let clock: any EngineClock
    private let metrics: EngineMetrics
    private let valve: IntakeValve
    private let interval: Duration

    package init(
        store: any Store,
        clock: any EngineClock,
        metrics: EngineMetrics,
        valve: IntakeValve,
        interval: Duration = .seconds(5)
    ) {
        self.store = store
        self.clock = clock
        self.metrics = metrics
        self.valve = valve
        self.interval = interval
    }

    package func run() async throws {
        await UntilShutdown.run {
            while !Task.isCancelled {
                try? await self.refresh()
                try? await self.clock.sleep(until: self.clock.now() + self.interval)
            }
        }
    }

    package func refresh() async throws(StoreError) {
        let counts = try await store.sessionCounts()
        for phase in AnalysisSession.Phase.allCases {
            metrics.sessions.set(Double(counts[phase] ?? 0), phase.rawValue)
        }
        let depths = try await store.outboxDepths()
        let waiting = try await store.waitingEvents()
        let now = clock.now()
        valve.set(waitingEvents: waiting.count, waitingMessages: depths.reduce(0) { $0 + $1.count })
        metrics.intakeClosed.set(valve.closed == nil ? 0 : 1)
        metrics.waitingEvents.set(Double(waiting.count))
        metrics.waitingAge.set(waiting.oldest.map { now.since($0).seconds } ?? 0)
        for sink in OutboxSink.allCases {
            let depth = depths.first { $0.sink == sink }
            metrics.outboxDepth.set(Double(depth?.count ?? 0), sink.rawValue)
            metrics.outboxAge.set(depth?.oldest.map { now.since($0).seconds } ?? 0, sink.rawValue)
        }
    }
}
