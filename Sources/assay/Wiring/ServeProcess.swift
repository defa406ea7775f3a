import Analysis
import ConfigFormats
import Engine
import EventFormats
import Foundation
import Grafana
import HTTPTransport
import Kafka
import Logging
import Prometheus
import ServiceLifecycle
import Store
import Telemetry
import UnixSignals
import Web

/// Everything `assay serve` runs, wired by its settings.
struct ServeProcess {
    enum Role: String, CaseIterable {
        case intake
        case engine
        case relay
        case web
    }

    private let settings: Settings
    private let roles: Set<Role>
    private let logger: Logger
    private let clock = SystemClock()

    init(_ settings: Settings) throws {
        self.settings = settings
        roles = try Self.roles(settings)
        logger = try LogSettings.logger("assay", settings)
    }

    static func roles(_ settings: Settings) throws(SettingsError) -> Set<Role> {
        var roles: Set<Role> = []
        for name in settings.list("roles") {
            guard let role = Role(rawValue: name) else {
                let known = Role.allCases.map(\.rawValue).joined(separator: ", ")
                throw SettingsError("roles: \"\(name)\" is not one of \(known)")
            }
            roles.insert(role)
        }
        return roles
    }

    func run() async throws {
        // Everything that can be wrong with the settings is found before anything is started.
        let plans = try PlanCatalog(path: settings.required("plans.directory"))
        let grace = try settings.duration("shutdown.grace")
        let sinks = sinks()
        let registry = MetricRegistry()
        ProcessMetrics.register(in: registry)
        let metrics = ServiceMetrics.register(in: registry)
        let store = try SQLiteStore(path: settings.required("store.path"), takesOver: roles.contains(.engine))
        let (broker, kafka) = try brokers()
        logger.info(
            "starting",
            metadata: [
                "version": "\(Assay.version)", "librdkafka": "\(kafkaLibraryVersion())",
                "roles": "\(roles.map(\.rawValue).sorted().joined(separator: ","))",
                "kafka":
                    "\(kafka.configuration.redacted.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: " "))",
                "plans": "\(plans.names.joined(separator: ","))",
            ]
        )
        try await kafka.ensureTopics(logger: logger)
        let work = WakeSignal()
        let outbox = Dictionary(uniqueKeysWithValues: OutboxSink.allCases.map { ($0, WakeSignal()) })
        let signals = OutboxSignals(Array(outbox.values))
        let composer = OutboxComposer(sinks: sinks)
        let readiness = Readiness(store: store)
        let producer = try KafkaProducer(configuration: kafka.configuration, logger: logger)
        let intake = EventIntake(plans: PlanCatalog.reader)
        var services: [any Service] = [StoreGauges(store: store, clock: clock, metrics: metrics)]
        if roles.contains(.relay) {
            for sink in try messageSinks(sinks, producer, kafka, store) {
                services.append(
                    OutboxRelay(
                        store: store,
                        sink: sink,
                        work: outbox[sink.sink] ?? WakeSignal(),
                        clock: clock,
                        metrics: metrics,
                        logger: logger,
                        maximumAge: sink.sink == .verdicts ? nil : .seconds(86_400)
                    )
                )
            }
        }
        if roles.contains(.engine) {
            let engine = try engine(store, plans, composer, work, signals, metrics)
            readiness.watch("engine") { engine.isHealthy ? nil : "the store refuses the engine's work" }
            services.append(engine)
        }
        if roles.contains(.intake) {
            let group = try settings.required("kafka.groupId")
            let topic = kafka.deployEvents
            let topicIntake = DeployTopicIntake(
                makeConsumer: { [logger] in
                    try KafkaConsumer(
                        configuration: kafka.configuration,
                        groupID: group,
                        topics: [topic],
                        logger: logger
                    )
                },
                deadLetters: DeadLetterTopic(producer: producer, topic: kafka.deadLetters, version: Assay.version),
                intake: intake,
                store: store,
                work: work,
                clock: clock,
                metrics: metrics,
                logger: logger
            )
            readiness.watch("intake") { topicIntake.isJoined ? nil : "the consumer has not joined its group yet" }
            services.append(topicIntake)
        }
        if roles.contains(.web) {
            let web = WebDependencies(
                store: store,
                intake: intake,
                registry: registry,
                engineMetrics: metrics,
                clock: clock,
                work: work,
                notReady: { await readiness.reasons() },
                version: Assay.version
            )
            services.append(
                ListeningServer(
                    router: { WebServer.router(web) },
                    host: try settings.required("web.host"),
                    port: try settings.integer("web.port", in: 0...65_535),
                    portFile: settings.text("web.portFile"),
                    logger: logger
                )
            )
        }
        // Stopped in reverse: first nothing more comes in, then turns are finished, then the outbox is emptied.
        var configuration = ServiceGroupConfiguration(
            services: services.map { .init(service: $0) },
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        configuration.maximumGracefulShutdownDuration = grace
        try await ServiceGroup(configuration: configuration).run()
        await producer.close()
        await store.close()
        broker?.close()
        logger.info("stopped")
    }

    private func sinks() -> Set<OutboxSink> {
        var sinks: Set<OutboxSink> = [.verdicts]
        if settings.text("grafana.url") != nil { sinks.insert(.annotations) }
        if settings.text("webhook.url") != nil { sinks.insert(.webhook) }
        return sinks
    }

    /// The configured brokers, or an embedded one.
    private func brokers() throws -> (EmbeddedBroker?, KafkaWiring) {
        if settings.text("kafka.brokers") != nil { return (nil, try KafkaWiring(settings)) }
        let broker = try EmbeddedBroker()
        let wiring = try KafkaWiring(settings, brokers: broker.bootstrapServers, isEmbedded: true)
        for topic in wiring.topics { try broker.createTopic(topic, partitions: 4) }
        logger.warning(
            "no Kafka brokers are configured: running an embedded broker, in memory, not for production",
            metadata: ["KAFKA_BROKERS": "\(broker.bootstrapServers)"]
        )
        return (broker, wiring)
    }

    private func engine(
        _ store: any Store,
        _ plans: PlanCatalog,
        _ composer: OutboxComposer,
        _ work: WakeSignal,
        _ signals: OutboxSignals,
        _ metrics: EngineMetrics
    ) throws -> SessionEngine {
        var queries = PrometheusClient.Options()
        queries.extraParameters = try HTTPClients.parameters(settings.text("prometheus.parameters"))
        queries.timeout = try settings.duration("prometheus.timeout")
        let client = PrometheusClient(
            baseURL: try settings.required("prometheus.url"),
            http: try HTTPClients.prometheus(settings),
            options: queries
        )
        let sampler = Sampler(backEnd: QueryCoalescer(PrometheusBackEnd(client), metrics: metrics))
        var options = SessionEngine.Options(owner: Self.owner())
        options.maximumConcurrentTurns = try settings.integer("engine.concurrency", in: 1...4096)
        return SessionEngine(
            store: store,
            opener: SessionOpener(
                plans: plans,
                composer: composer,
                maximumAge: try settings.duration("engine.maximumEventAge")
            ),
            turn: SessionTurn(sampler: sampler, composer: composer, clock: clock, metrics: metrics),
            work: work,
            outbox: signals,
            clock: clock,
            metrics: metrics,
            logger: logger,
            options: options
        )
    }

    private func messageSinks(
        _ sinks: Set<OutboxSink>,
        _ producer: KafkaProducer,
        _ kafka: KafkaWiring,
        _ store: any Store
    ) throws -> [any MessageSink] {
        let source = try settings.required("source")
        let publicURL = settings.text("web.publicUrl").map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
        var found: [any MessageSink] = [
            VerdictTopicSink(
                producer: producer,
                history: VerdictTopicHistory(configuration: kafka.configuration, topic: kafka.verdicts, logger: logger),
                topic: kafka.verdicts,
                source: source,
                startedAt: clock.now(),
                reportURL: { verdict in publicURL.map { "\($0)/v1/sessions/\(verdict.session)" } }
            )
        ]
        if sinks.contains(.annotations) {
            let client = GrafanaClient(
                baseURL: try settings.required("grafana.url"),
                http: try HTTPClients.bearer(settings, tokenKey: "grafana.token")
            )
            found.append(
                AnnotationSink(grafana: client, store: store, dashboardUID: settings.text("grafana.dashboardUid"))
            )
        }
        if sinks.contains(.webhook) {
            found.append(
                WebhookSink(
                    http: try HTTPClients.bearer(settings, tokenKey: "webhook.bearerToken"),
                    url: try settings.required("webhook.url"),
                    source: source
                )
            )
        }
        return found
    }

    /// Names this process in leases.
    private static func owner() -> String {
        "\(ProcessInfo.processInfo.hostName)/\(ProcessInfo.processInfo.processIdentifier)"
    }
}
