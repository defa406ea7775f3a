import Analysis
package import Concurrency
package import Engine
import EventFormats
import Foundation
import HTTPTransport
import Kafka
import Kayenta
package import Logging
import PlanFormats
import Postgres
import ServiceLifecycle
package import Store
import Telemetry
import UnixSignals
import Web

/// Everything `assay serve` runs, wired by its settings.
package struct ServeProcess {
    package let settings: Settings
    package let serve: ServeSettings
    package let plans: PlanCatalog
    /// Nil where no file says them.
    let dependencies: DependencyCatalog?
    package let logger: Logger
    let signing: KeyFile<SigningKey>?
    /// Of callers, with names and roles.
    let tokens: KeyFile<[AccessToken]>?
    /// Of the identity provider.
    let providerKeys: KeyFile<OIDCKeys>?

    /// Reads all settings and plans, so that whatever is wrong with them is found before anything is started.
    package init(_ settings: Settings) throws {
        self.settings = settings
        serve = try ServeSettings(settings)
        plans = try PlanCatalog(path: serve.plansDirectory)
        do { dependencies = try settings.text(.changesDependenciesFile).map(DependencyCatalog.init) } catch {
            throw SettingsError("\(SettingKey.changesDependenciesFile.rawValue): \(error)")
        }
        logger = try LogSettings.logger("assay", settings)
        signing = try KeyFile(.verdictsSigningKeyFile, of: settings, logger: logger) { try SigningKey(pem: $0) }
        tokens = try KeyFile(.webTokensFile, of: settings, logger: logger) {
            try AccessTokenFile.read($0, file: SettingKey.webTokensFile.rawValue)
        }
        providerKeys = try KeyFile(.webOidcKeysFile, of: settings, logger: logger) { try OIDCKeys(jwks: $0) }
    }

    package func run() async throws {
        if try settings.flag(.processCoreDumps) { CoreDumps.allow() }
        let registry = MetricRegistry()
        ServiceMetrics.registerProcess(in: registry)
        ServiceMetrics.bootstrapLibraries(onto: registry)
        let exported = ServiceMetrics(registry)
        let metrics = exported.engine
        let (broker, kafka) = try brokers()
        logStart(kafka)
        settings.secrets.start(logger: logger, in: registry, for: .serve)
        kafka.watch.export(in: registry)
        let planWatch = PlanWatch(plans, metrics: PlanWatch.Metrics(registry), logger: logger)
        // Before the first password goes out: that of the database.
        let exposure = StandingNotice.exposures(settings, for: .serve, logger: logger)
        let store = try await StoreOpener(settings: serve, logger: logger).open()
        exported.database.watch(store)
        let clock = try await StoreClock(store: store, logger: logger)
        let topics = TopicSetup(kafka, logger: logger)
        // For dead letters: verdicts are published by producers of their own.
        let producer =
            serve.roles.contains(.intake)
            ? try KafkaProducer(configuration: kafka.configuration, logger: logger) : nil
        let replicas = ReplicaRegister(
            name: Self.replicaName,
            relays: serve.roles.contains(.relay),
            term: serve.lease,
            store: store,
            clock: clock,
            metrics: metrics,
            logger: logger
        )
        let parts = ServeParts(
            store: store,
            clock: clock,
            kafka: kafka,
            metrics: metrics,
            replicas: replicas,
            reader: EnvelopeReader(
                plans: PlanCatalog.reader,
                planLimits: serve.eventPlans,
                hooks: serve.hooks.reader
            ),
            limits: serve.intakeLimits,
            sinks: OutboxSink.allCases + serve.notifications.sinks,
            canarySource: serve.answersKayenta ? PrometheusCanarySource(try prometheusClient()) : nil,
            logger: logger
        )
        let readiness = Readiness()
        let storeWatch = StoreWatch(store: store, clock: clock, logger: logger)
        readiness.watch("store", decides: true) { storeWatch.trouble }
        let openness = StandingNotice.openInterface(serve.access.openness, logger: logger)
        openness.watch(readiness)
        exposure.watch(readiness)

        var services: [any Service] = [
            topics, clock, storeWatch, replicas,
            StoreGauges(
                store: store,
                clock: clock,
                metrics: metrics,
                backpressure: parts.backpressure,
                logger: logger,
                sinks: OutboxSink.allCases + serve.notifications.sinks
            ),
            RetentionKeeper(
                store: store,
                clock: clock,
                metrics: metrics,
                logger: logger,
                options: .init(periods: serve.retention)
            ),
        ]
        services.append(
            RepeatedWork(name: "plans", interval: serve.plansReload, signal: SIGHUP) {
                [dependencies, logger] occasion in
                planWatch.look(isForced: occasion == .signal)
                dependencies?.look(logger)
            }
        )
        services += openness.services
        services += exposure.services
        if let password = kafka.watch.service { services.append(password) }
        if serve.roles.contains(.relay) {
            services += try relays(parts)
            services.append(removedDestinations(parts))
        }
        if serve.roles.contains(.engine) {
            let backEnd = try metricsBackEnd()
            let watch = BackEndWatch(
                address: Redaction.url(serve.prometheusURL),
                metrics: metrics,
                logger: logger
            )
            readiness.watch("prometheus", decides: false) { watch.trouble }
            services.append(BackEndProbe(backEnd, watch: watch, clock: clock))
            let queries = QueryCoalescer(backEnd, clock: clock, metrics: metrics, watch: watch)
            let engine = engine(parts, queries)
            readiness.watch("engine", decides: true) { engine.isHealthy ? nil : "the store refuses the engine's work" }
            services.append(engine)
            if let selfChecks = selfChecks(parts, backEnd, besides: queries, watch) { services.append(selfChecks) }
            services.append(pastAnalyses(parts, backEnd, besides: queries, watch))
            if let runner = canaryRunner(parts) { services.append(runner) }
        }
        if let producer {
            let intake = topicIntake(parts, producer, topics)
            exported.intake.watch { intake.statistics }
            readiness.watchKafka(
                kafka.watch.clients,
                in: registry,
                isJoined: { intake.isJoined },
                statistics: { intake.statistics },
                trouble: { intake.trouble }
            )
            services.append(intake)
            let rollouts = rolloutTopicIntake(parts)
            readiness.watch("rollouts", decides: false) { rollouts.trouble }
            services.append(rollouts)
        } else if serve.roles.contains(.relay) {
            readiness.watchKafka(kafka.watch.clients)
        }
        if serve.roles.contains(.web) {
            services.append(try webServer(parts, registry, readiness))
        } else if settings.isGiven(.webPort) {
            services.append(healthServer(registry, readiness, at: serve.listening))
        }
        if let probes = serve.probes { services.append(healthServer(registry, readiness, at: probes)) }

        let stop = StopNotice(readiness: readiness, delay: serve.delay, grace: serve.grace, logger: logger)
        services.append(stop)

        // Stopped in reverse: first nothing more comes in, then evaluations are finished, then the outbox is emptied.
        var configuration = ServiceGroupConfiguration(
            services: services.map { .init(service: NamedService($0)) },
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        configuration.maximumGracefulShutdownDuration = stop.cancellation
        stop.watchdog.start()
        do { try await ServiceGroup(configuration: configuration).run() } catch {
            await store.close()
            throw error
        }
        await producer?.close()
        await store.close()
        broker?.close()
        logger.info("stopped")
    }

    /// Unique to this process: a restarted one is another replica, which waits until the leases of the previous process run out.
    private static var replicaName: String {
        let process = ProcessInfo.processInfo
        return "\(process.hostName)/\(process.processIdentifier)/\(String(UInt32.random(in: 0...(.max)), radix: 36))"
    }

    /// The configured brokers, or an embedded one.
    private func brokers() throws -> (EmbeddedBroker?, KafkaWiring) {
        if settings.text(.kafkaBrokers) != nil {
            var wiring = try KafkaWiring(settings, as: .serve)
            wiring.limit(to: serve.roles)
            return (nil, wiring)
        }
        let broker = try EmbeddedBroker()
        let wiring = try KafkaWiring(settings, as: .serve, brokers: broker.bootstrapServers, isEmbedded: true)
        logger.warning(
            "no Kafka brokers are configured: running an embedded broker, in memory, not for production",
            metadata: ["KAFKA_BROKERS": "\(broker.bootstrapServers)"]
        )
        return (broker, wiring)
    }

    private func logStart(_ kafka: KafkaWiring) {
        settings.logWarnings(to: logger)
        if plans.names.isEmpty {
            logger.error(
                serve.eventPlans == nil
                    ? "there are no plans: no release is judged"
                    : "there are no plans: a release is judged only by a plan that its event brings along",
                metadata: ["reason": "\(PlanFiles.absence(in: serve.plansDirectory).line)"]
            )
        }
        if let ties = plans.ties {
            logger.warning(
                "plans fit releases equally closely: such a release gets none",
                metadata: ["reason": "\(ties.line)"]
            )
        }
        logger.info(
            "starting",
            metadata: [
                "version": "\(ProgramVersion.current)", "librdkafka": "\(kafkaLibraryVersion())",
                "roles": "\(serve.roles.map(\.rawValue).sorted().joined(separator: ","))",
                "store": "\(serve.database?.redacted ?? serve.storePath)",
                "kafka": "\(kafka.redacted)", "plans": "\(plans.names.joined(separator: ","))",
            ]
        )
    }
}

/// What the services of one process share.
package struct ServeParts: Sendable {
    package let store: any Store & CanaryRecords
    package let clock: StoreClock
    package let kafka: KafkaWiring
    package let metrics: EngineMetrics
    package let replicas: ReplicaRegister
    /// Everything that comes in goes through it, whatever the door.
    package let intake: Intake
    /// Closed while too much waits.
    package let backpressure: IntakeBackpressure
    /// Signalled when an event has come in.
    package let work = WakeSignal()
    /// Signalled when a past window was asked for.
    package let pastWindows = WakeSignal()
    /// What Kayenta's API asks; nil where it is switched off.
    let canarySource: PrometheusCanarySource?
    /// Signalled when one of its executions has come in.
    let canaries = WakeSignal()
    /// Signalled when something has been written to the outbox.
    package let outbox: [OutboxSink: WakeSignal]

    init(
        store: any Store & CanaryRecords,
        clock: StoreClock,
        kafka: KafkaWiring,
        metrics: EngineMetrics,
        replicas: ReplicaRegister,
        reader: EnvelopeReader,
        limits: IntakeBackpressure.Limits,
        sinks: [OutboxSink],
        canarySource: PrometheusCanarySource?,
        logger: Logger
    ) {
        self.store = store
        self.canarySource = canarySource
        outbox = Dictionary(uniqueKeysWithValues: sinks.map { ($0, WakeSignal()) })
        self.clock = clock
        self.kafka = kafka
        self.metrics = metrics
        self.replicas = replicas
        backpressure = IntakeBackpressure(limits: limits)
        intake = Intake(
            reader: reader,
            planThread: SerialThread(),
            store: store,
            backpressure: backpressure,
            work: work,
            metrics: metrics,
            logger: logger
        )
    }
}
