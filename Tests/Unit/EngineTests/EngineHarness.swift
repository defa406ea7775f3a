import Analysis
import Concurrency
import Engine
import EventFormats
import Foundation
import Judging
import Logging
import Notifications
import Store
import StoredFormats
import Synchronization
import Telemetry

/// An engine on a SQLite file, or on the store that it is given, under a clock that the test moves. Making a second one on
/// the same directory is a restart.
struct EngineHarness {
    static let start = Timestamp(milliseconds: 1_772_359_200_000)

    static let encoding = VerdictMessageEncoding(source: "/assay")

    let store: any Store
    let engine: SessionEngine
    let pulses = HeartbeatRegister()
    let composer: OutboxComposer
    let relay: OutboxRelay
    private let replicas: ReplicaRegister
    let topic: RecordingSink
    let clock: ManualClock
    let metrics: EngineMetrics

    init(
        directory: URL,
        backEnd: any MetricsBackEnd,
        clock: ManualClock,
        topic: RecordingSink = RecordingSink(.verdicts),
        sinks: Set<OutboxSink> = [.verdicts],
        plan: AnalysisPlan? = EngineHarness.plan(),
        answersAtOnce: Int = 256,
        dependencies: Dependencies = Dependencies()
    ) throws {
        let store = try SQLiteStore(path: directory.appending(path: "store.db").path)
        self.init(
            store: store,
            backEnd: backEnd,
            clock: clock,
            topic: topic,
            sinks: sinks,
            plan: plan,
            answersAtOnce: answersAtOnce,
            dependencies: dependencies
        )
    }

    init(
        store: any Store,
        backEnd: any MetricsBackEnd,
        clock: ManualClock,
        topic: RecordingSink = RecordingSink(.verdicts),
        sinks: Set<OutboxSink> = [.verdicts],
        plan: AnalysisPlan? = EngineHarness.plan(),
        answersAtOnce: Int = 256,
        destinations: [NotificationDestination] = [],
        pageURL: @escaping @Sendable (String) -> String? = { _ in nil },
        dependencies: Dependencies = Dependencies()
    ) {
        self.store = store
        self.clock = clock
        self.topic = topic
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        metrics = EngineMetrics(MetricRegistry())
        composer = OutboxComposer(
            sinks: sinks,
            encoding: Self.encoding,
            destinations: destinations,
            pageURL: pageURL
        )
        var options = SessionEngine.Options(owner: "test-\(UUID().uuidString)")
        options.answersAtOnce = answersAtOnce
        engine = SessionEngine(
            store: store,
            opener: SessionOpener(plans: OnePlan(found: plan), maximumAge: .seconds(86_400)),
            evaluator: SessionEvaluator(
                sampler: Sampler(backEnd: QueryCoalescer(backEnd, clock: clock, metrics: metrics)),
                changes: ChangesAround(store: store) { dependencies },
                clock: clock,
                metrics: metrics
            ),
            composer: composer,
            work: WakeSignal(),
            outbox: OutboxSignals([]),
            clock: clock,
            metrics: metrics,
            logger: logger,
            options: options,
            pulses: pulses
        )
        replicas = ReplicaRegister(
            name: "test",
            relays: true,
            term: .seconds(30),
            store: store,
            clock: clock,
            metrics: metrics,
            logger: logger
        )
        relay = Self.relay(to: topic, store, replicas, clock, metrics)
    }

    /// A relay of the same store to another sink.
    func relay(to sink: any MessageSink, maximumAge: Duration? = nil, owner: String = "test") -> OutboxRelay {
        Self.relay(to: sink, store, replicas, clock, metrics, maximumAge: maximumAge, owner: owner)
    }

    private static func relay(
        to sink: any MessageSink,
        _ store: any Store,
        _ replicas: ReplicaRegister,
        _ clock: ManualClock,
        _ metrics: EngineMetrics,
        maximumAge: Duration? = nil,
        owner: String = "test"
    ) -> OutboxRelay {
        var options = OutboxRelay.Options(owner: owner)
        options.maximumAge = maximumAge
        return OutboxRelay(
            store: store,
            sink: sink,
            replicas: replicas,
            work: WakeSignal(),
            clock: clock,
            metrics: metrics,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            options: options
        )
    }

    static func plan(failFast: FailFast = .onFail) -> AnalysisPlan {
        AnalysisPlan(
            name: "shop",
            scopes: PlanScopes(control: .labels(["track": "stable"]), experiment: ["track": "canary"]),
            schedule: AnalysisSchedule(
                step: .seconds(1),
                interval: .seconds(20),
                lifetime: .seconds(60),
                delay: .seconds(2),
                deadline: .seconds(120)
            ),
            failFast: failFast,
            metrics: [PlannedMetric(name: "errors", query: "e{${scope}}", groups: ["g"], direction: .increase)]
        )
    }

    static func event(
        _ id: String,
        version: String = "2.0",
        phase: DeployEvent.Phase = .deployed,
        time: Timestamp? = nil,
        cluster: String? = nil,
        weight: Double? = nil
    ) -> DeployEvent {
        DeployEvent(
            identity: EventIdentity(source: "/ci", id: id),
            time: time,
            phase: phase,
            application: "shop",
            environment: "production",
            cluster: cluster,
            version: version,
            weight: weight
        )
    }

    func receive(_ event: DeployEvent) async throws {
        _ = try await store.receive([ReceivedEvent(event: event, receivedAt: clock.now())])
        try await engine.runDue()
    }

    /// Moves time on second by second, running what is due and delivering what was decided.
    func run(for seconds: Int) async throws {
        for _ in 0..<seconds {
            clock.advance(by: .seconds(1))
            try await engine.runDue()
            await deliver(relay)
        }
    }

    /// Lets a relay keep its shards and deliver what is due.
    @discardableResult
    func deliver(_ relay: OutboxRelay) async -> Int {
        await relay.claimShards()
        var arrived = 0
        while case let more = await relay.deliverDue(), more > 0 { arrived += more }
        return arrived
    }
}

struct OnePlan: PlanSource {
    var found: AnalysisPlan?

    func plan(for event: DeployEvent) throws(PlanUnavailable) -> AnalysisPlan {
        guard let found else { throw PlanUnavailable(reason: "none matches") }
        return found
    }
}

/// Keeps what it is given; fails as often as it is told to.
final class RecordingSink: SingleMessageSink {
    let sink: OutboxSink
    private let state = Mutex((messages: [OutboxMessage](), failures: [DeliveryFailure]()))

    init(_ sink: OutboxSink) {
        self.sink = sink
    }

    var messages: [OutboxMessage] { state.withLock { $0.messages } }

    var verdicts: [Verdict] {
        messages.compactMap { message in
            guard let content = message.content else { return try? VerdictForm.read(Data(message.payload)) }
            let headers = content.headers.map { EventHeader(name: $0.name, value: Array($0.value.utf8)) }
            return try? VerdictEvent.decode(CloudEventKafkaBinding.decode(value: content.body, headers: headers))
        }
    }

    func failNext(_ failures: DeliveryFailure...) {
        state.withLock { $0.failures += failures }
    }

    func deliver(
        _ message: OutboxMessage,
        mayHaveArrived: Bool
    ) async throws(DeliveryFailure) -> String? {
        let failure = state.withLock { state -> DeliveryFailure? in
            if !state.failures.isEmpty { return state.failures.removeFirst() }
            state.messages.append(message)
            return nil
        }
        if let failure { throw failure }
        return "ref-\(message.id)"
    }
}

/// A directory that is removed after the body.
func withDirectory(_ body: (URL) async throws -> Void) async throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "assay-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    try await body(directory)
}
