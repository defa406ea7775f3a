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
    /// How often finished sessions are counted, in intervals: the store keeps many of them.
    private static let finishedEvery = 12

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
            var round = 0
            while !Task.isCancelled {
                if round.isMultiple(of: Self.finishedEvery) { try? await self.refreshFinished() }
                round += 1
                try? await self.refresh()
                try? await self.clock.sleep(until: self.clock.now() + self.interval)
            }
        }
    }

    private func refreshFinished() async throws(StoreError) {
        metrics.sessions.set(Double(try await store.finishedSessionCount()), AnalysisSession.Phase.finished.rawValue)
    }

    package func refresh() async throws(StoreError) {
        let counts = try await store.unfinishedSessionCounts()
        for phase in [AnalysisSession.Phase.warmingUp, .sampling] {
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
