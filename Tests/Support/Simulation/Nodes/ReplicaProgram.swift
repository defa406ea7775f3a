import Analysis
import Concurrency
import Engine
import Kafka
import Logging
import PlanFormats
import SeededRandom
import Store
import Telemetry

/// What one replica runs: the whole engine, wired as the product wires it, over a world that fails.
struct ReplicaProgram: Sendable {
    static let silent = Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }

    let world: World

    func run(_ incarnation: Incarnation) async {
        // Without the store's time nothing can begin; the supervisor of the process starts it again.
        guard let replica = try? await Replica(world, incarnation) else { return }
        await replica.run()
    }
}

/// The parts of a running replica.
private struct Replica {
    let storeClock: StoreClock
    let register: ReplicaRegister
    let intake: DeployTopicIntake
    let engine: SessionEngine
    let relays: [OutboxRelay]
    let retention: RetentionKeeper

    init(_ world: World, _ incarnation: Incarnation) async throws(StoreError) {
        let (link, name, pace) = (incarnation.link, incarnation.name, world.scenario.pace)
        let logger = ReplicaProgram.silent
        let store = LinkedStore(
            world.store,
            over: link,
            auditor: world.storeAuditor,
            states: world.stateAuditor,
            publishesEarly: world.earlyPublishing
        )
        storeClock = try await StoreClock(
            store: store,
            machine: SimulatedTime(of: incarnation.process),
            interval: pace.synchronization,
            logger: logger
        )
        let wall = WallClock(process: incarnation.process, offset: incarnation.clockOffset)
        let clock: any EngineClock = world.defects.contains(.ownWallClock) ? wall : storeClock
        let metrics = EngineMetrics(MetricRegistry())
        let backoff = Backoff(base: pace.unit, limit: pace.unit * 60, random: incarnation.random)
        let (work, outbox, webhook) = (WakeSignal(), WakeSignal(), WakeSignal())
        let composer = OutboxComposer(
            sinks: world.scenario.hasWebhook ? [.verdicts, .webhook] : [.verdicts],
            encoding: World.encoding
        )
        register = ReplicaRegister(
            name: name,
            relays: true,
            term: pace.lease,
            store: store,
            clock: clock,
            metrics: metrics,
            logger: logger
        )
        intake = DeployTopicIntake(
            makeConsumer: { [bus = world.bus, defects = world.defects] in
                SimulatedDeployRecords(
                    GroupMember(
                        name: name,
                        group: Topics.intakeGroup,
                        bus: bus,
                        link: link,
                        retry: pace.unit,
                        storesAtOnce: defects.contains(.offsetBeforeInsert)
                    )
                )
            },
            deadLetters: SimulatedDeadLetters(bus: world.bus, link: link, topic: Topics.deadLetters),
            intake: Intake(
                reader: EnvelopeReader(plans: PlanReader(), planLimits: EventPlanLimits()),
                store: store,
                work: work,
                metrics: metrics,
                logger: logger
            ),
            backoff: backoff,
            clock: clock,
            metrics: metrics,
            logger: logger
        )
        var engineOptions = SessionEngine.Options(owner: name)
        engineOptions.lease = pace.lease
        engineOptions.poll = pace.poll
        engineOptions.backoff = backoff
        engineOptions.answersAtOnce = 4
        engineOptions.maximumConcurrentSessions = 8
        var samples = SimulatedMetrics(series: world.series, link: link, weather: world.weather) {
            incarnation.generator.change { $0.duration(.zero...pace.lease * 3 / 2) }
        }
        samples.repeatsSteps = world.defects.contains(.repeatedSteps)
        engine = SessionEngine(
            store: store,
            opener: SessionOpener(plans: world.scenario, maximumAge: .seconds(30 * 86_400)),
            evaluator: SessionEvaluator(
                sampler: Sampler(backEnd: QueryCoalescer(samples, clock: clock, metrics: metrics)),
                clock: clock,
                metrics: metrics
            ),
            composer: composer,
            work: work,
            outbox: OutboxSignals([outbox, webhook]),
            clock: clock,
            metrics: metrics,
            logger: logger,
            options: engineOptions
        )
        var relayOptions = OutboxRelay.Options(owner: name)
        relayOptions.lease = pace.lease
        relayOptions.poll = pace.poll
        relayOptions.backoff = backoff
        let verdicts = VerdictTopicSink(
            verdicts: SimulatedVerdictTopic(
                bus: world.bus,
                link: link,
                topic: Topics.verdicts,
                trustsSilence: world.defects.contains(.silenceTakenForEnd)
            ),
            name: "simulation",
            records: World.records
        )
        var sinks: [(any MessageSink, WakeSignal)] = [(verdicts, outbox)]
        if world.scenario.hasWebhook { sinks.append((SimulatedWebhook(link: link, posted: world.posted), webhook)) }
        relays = sinks.map { [register] sink, signal in
            OutboxRelay(
                store: store,
                sink: sink,
                replicas: register,
                work: signal,
                clock: clock,
                metrics: metrics,
                logger: logger,
                options: relayOptions
            )
        }
        // Sessions and events are kept, because they are counted in the end.
        var retentionOptions = RetentionKeeper.Options(periods: [.samples: pace.lease * 4, .messages: pace.lease * 4])
        retentionOptions.interval = pace.lease * 2
        retention = RetentionKeeper(
            store: store,
            clock: clock,
            metrics: metrics,
            logger: logger,
            options: retentionOptions
        )
    }

    /// Returns when all parts have stopped.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await storeClock.run() }
            group.addTask { try? await register.run() }
            group.addTask { try? await intake.run() }
            group.addTask { try? await engine.run() }
            group.addTask { try? await retention.run() }
            for relay in relays { group.addTask { try? await relay.run() } }
        }
    }
}

extension Scenario: PlanSource {
    func plan(for event: DeployEvent) throws(PlanUnavailable) -> AnalysisPlan {
        guard let plan = plans[event.application] else { throw PlanUnavailable(reason: "none matches") }
        return plan
    }
}

extension World {
    static let encoding = VerdictMessageEncoding(source: "/assay")
    static let records = VerdictRecords(topic: Topics.verdicts, encoding: encoding)

    /// The defect of a process that puts verdicts onto their topic itself, before it has written them down.
    var earlyPublishing: LinkedStore.EarlyPublishing? {
        guard defects.contains(.publishingBeforeCommit) else { return nil }
        return { [bus] change, link in
            let verdicts = change.messages.filter { $0.sink == .verdicts }
            let records = verdicts.compactMap { try? Self.records.record(of: $0) }
            _ = try? await link.call("publish early", to: .bus) { for record in records { bus.append(record) } }
            var change = change
            change.messages.removeAll { $0.sink == .verdicts }
            return change
        }
    }
}
