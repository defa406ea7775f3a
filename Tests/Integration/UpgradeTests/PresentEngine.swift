import Analysis
import Concurrency
import Engine
import Foundation
import Judging
import Logging
import Store
import Synchronization
import Telemetry

/// The present version's engine and relays on a store, under a clock that the test moves.
struct PresentEngine {
    /// When the old version stopped.
    static let start = Timestamp(milliseconds: 1_772_359_200_000) + .seconds(235)

    static let encoding = VerdictMessageEncoding(source: "/assay/production")

    let store: any Store
    let clock = ManualClock(PresentEngine.start)
    let sinks: [OutboxSink: RecordingSink]
    private let engine: SessionEngine
    private let relays: [OutboxRelay]

    init(_ store: any Store, plans: any PlanSource = NoPlans()) {
        let metrics = EngineMetrics(MetricRegistry())
        let composer = OutboxComposer(sinks: Set(OutboxSink.allCases), encoding: Self.encoding)
        self.store = store
        let clock = clock
        engine = SessionEngine(
            store: store,
            opener: SessionOpener(plans: plans, maximumAge: .seconds(86_400)),
            evaluator: SessionEvaluator(
                sampler: Sampler(backEnd: QueryCoalescer(SteadyBackEnd(), clock: clock, metrics: metrics)),
                clock: clock,
                metrics: metrics
            ),
            composer: composer,
            work: WakeSignal(),
            outbox: OutboxSignals([]),
            clock: clock,
            metrics: metrics,
            logger: OldDatabase.logger,
            options: .init(owner: "present")
        )
        let replicas = ReplicaRegister(
            name: "present",
            relays: true,
            term: .seconds(30),
            store: store,
            clock: clock,
            metrics: metrics,
            logger: OldDatabase.logger
        )
        let sinks = Dictionary(uniqueKeysWithValues: OutboxSink.allCases.map { ($0, RecordingSink($0)) })
        self.sinks = sinks
        relays = OutboxSink.allCases.compactMap { sinks[$0] }.map { sink in
            OutboxRelay(
                store: store,
                sink: sink,
                replicas: replicas,
                work: WakeSignal(),
                clock: clock,
                metrics: metrics,
                logger: OldDatabase.logger,
                options: .init(owner: "present")
            )
        }
    }

    /// Moves time on second by second, running what is due and delivering what was decided.
    func run(for seconds: Int) async throws {
        for _ in 0..<seconds {
            clock.advance(by: .seconds(1))
            try await engine.runDue()
            for relay in relays {
                await relay.claimShards()
                while await relay.deliverDue() > 0 {}
            }
        }
    }
}

struct NoPlans: PlanSource {
    func plan(for event: DeployEvent) throws(PlanUnavailable) -> AnalysisPlan {
        throw PlanUnavailable(reason: "no plan matches \(event.application)")
    }
}

/// One plan for every event.
struct OnePlan: PlanSource {
    let plan: AnalysisPlan

    func plan(for event: DeployEvent) -> AnalysisPlan { plan }
}

/// Both sides are alike.
private struct SteadyBackEnd: MetricsBackEnd {
    func series(
        of query: String,
        in window: TimeWindow,
        step: Duration
    ) async throws(SamplingFailure) -> BackEndAnswer {
        let seconds = (1...max(1, window.sampleCount(step: step))).map { index in
            (window.start + step * index).milliseconds / 1000
        }
        return BackEndAnswer(series: [seconds.map { 10 + Double($0 % 7) }])
    }
}

/// Keeps what it is given.
final class RecordingSink: SingleMessageSink {
    let sink: OutboxSink
    private let state = Mutex<[OutboxMessage]>([])

    init(_ sink: OutboxSink) {
        self.sink = sink
    }

    var messages: [OutboxMessage] { state.withLock { $0 } }

    func deliver(_ message: OutboxMessage, mayHaveArrived: Bool) async throws(DeliveryFailure) -> String? {
        state.withLock { state in
            state.append(message)
            return "\(1000 + state.count)"
        }
    }
}
