package import Analysis
package import Concurrency
package import Logging
import ServiceLifecycle
package import Store
import Synchronization
import Telemetry
import Text

/// Reads from the store every few seconds how much there is of each thing: for the gauges of sessions, inbox and outbox,
/// and for the back-pressure that stops the intake while too much waits.
package final class StoreGauges: Service {
    /// How long intake stays open or closed as the last reading set it when no further reading succeeds. Then it closes:
    /// how much waits by now is unknown.
    package static let patience = Duration.seconds(60)

    private let store: any Store
    private let clock: any EngineClock
    private let metrics: EngineMetrics
    private let backpressure: IntakeBackpressure
    private let logger: Logger
    private let interval: Duration
    private let sinks: [OutboxSink]
    private let logged = Mutex<Set<SetAside.Row>>([])
    private let full = Mutex(Outage<Timestamp>())
    /// The most sources whose held events are counted.
    private static let maximumSources = 1_000
    /// How often finished sessions are counted, in intervals: the store keeps many of them.
    private static let finishedEvery = 12

    /// - Parameter sinks: each has a series of its own; what waits for others is counted together.
    package init(
        store: any Store,
        clock: any EngineClock,
        metrics: EngineMetrics,
        backpressure: IntakeBackpressure,
        logger: Logger,
        interval: Duration = .seconds(5),
        sinks: [OutboxSink] = OutboxSink.allCases
    ) {
        self.store = store
        self.clock = clock
        self.metrics = metrics
        self.backpressure = backpressure
        self.logger = logger
        self.interval = interval
        self.sinks = sinks
    }

    package func run() async throws {
        await UntilShutdown.run {
            var round = 0
            var outage = Outage<Timestamp>()
            while !Task.isCancelled {
                await self.pass(countsFinished: round.isMultiple(of: Self.finishedEvery), &outage)
                round += 1
                try? await self.clock.sleep(until: self.clock.now() + self.interval)
            }
        }
    }

    /// Reads once. A failure is counted, and told as what belongs to an outage.
    package func pass(countsFinished: Bool = true, _ outage: inout Outage<Timestamp>) async {
        do throws(StoreError) {
            try await refresh()
            if countsFinished { try await refreshFinished() }
            tell(outage.ended(at: clock.now()), nil)
        } catch {
            metrics.storeFailures.add(1, error.code.rawValue)
            let now = clock.now()
            tell(outage.failed(at: now), error)
            if error.code == .replaced {
                backpressure.close("the store's file was deleted or replaced under the process")
            } else if let began = outage.began, now.since(began) >= Self.patience {
                backpressure.close("the store has not said for \(Int(now.since(began).seconds)) s how much waits")
            } else {
                return
            }
            metrics.intakeClosed.set(1)
        }
    }

    private func tell(_ notice: Outage<Timestamp>.Notice?, _ error: StoreError?) {
        let reason = error.map { "\($0)" } ?? ""
        switch notice {
        case .began: logger.warning("what waits in the store cannot be counted", metadata: ["error": "\(reason)"])
        case .lasts?:
            logger.warning(
                "what waits in the store still cannot be counted",
                metadata: notice?.metadata(and: ["error": "\(reason)"])
            )
        case .ended?: logger.notice("what waits in the store can be counted again", metadata: notice?.metadata)
        case nil: break
        }
    }

    /// Sources that have as many analyses as they may are told when there are some, now and then, and when there are none
    /// any more.
    private func tell(_ held: [String: Int], at now: Timestamp) {
        let notice = full.withLock { held.isEmpty ? $0.ended(at: now) : $0.failed(at: now) }
        switch notice {
        case .began, .lasts:
            let most = held.max { ($0.value, $1.key) < ($1.value, $0.key) }
            logger.warning(
                "deploy events wait because their source has as many analyses as it may",
                metadata: [
                    "sources": "\(held.count)", "events": "\(held.values.reduce(0, +))",
                    "source": "\(most?.key.excerpt() ?? "")", "ofSource": "\(most?.value ?? 0)",
                ]
            )
        case .ended(_, let time):
            logger.notice(
                "no deploy events wait because of their source any more",
                metadata: ["after": "\(Int(time.seconds))s"]
            )
        case nil: break
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
        let held = try await store.heldEvents(limit: Self.maximumSources)
        let bytes = try await store.size()
        let now = clock.now()
        backpressure.set(
            waitingEvents: waiting.count,
            waitingMessages: depths.reduce(0) { $0 + $1.count },
            unfinishedAnalyses: counts.values.reduce(0, +),
            storeBytes: bytes
        )
        backpressure.hold(held)
        metrics.heldEvents.set(Double(held.values.reduce(0, +)))
        tell(held, at: now)
        metrics.storeBytes.set(Double(bytes))
        metrics.storeMaximumBytes.set(Double(backpressure.limits.storeBytes ?? 0))
        metrics.intakeClosed.set(backpressure.closed == nil ? 0 : 1)
        metrics.waitingEvents.set(Double(waiting.count))
        metrics.waitingAge.set(waiting.oldest.map { now.since($0).seconds } ?? 0)
        let known = Set(sinks)
        for sink in sinks { show(depths.filter { $0.sink == sink }, as: sink.rawValue, at: now) }
        show(depths.filter { !known.contains($0.sink) }, as: LabelValues.otherSink, at: now)
        show(try await store.setAside())
    }

    private func show(_ depths: [OutboxDepth], as sink: String, at now: Timestamp) {
        metrics.outboxDepth.set(Double(depths.reduce(0) { $0 + $1.count }), sink)
        metrics.outboxAge.set(depths.compactMap(\.oldest).min().map { now.since($0).seconds } ?? 0, sink)
    }

    /// Each row is logged once.
    private func show(_ setAside: SetAside) {
        for reason in SetAsideReason.allCases {
            metrics.setAside.set(Double(setAside.counts[reason] ?? 0), reason.rawValue)
        }
        let new = logged.withLock { logged in
            defer { logged = Set(setAside.rows) }
            return setAside.rows.filter { !logged.contains($0) }
        }
        for row in new {
            logger.error(
                "row of the store was set aside",
                metadata: ["id": "\(row.id)", "reason": "\(row.reason.rawValue)", "detail": "\(row.detail)"]
            )
        }
    }
}
