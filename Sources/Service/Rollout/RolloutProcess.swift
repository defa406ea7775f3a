import Analysis
import EventFormats
import Foundation
import HTTPTransport
import Kafka
import Kubernetes
import Logging
import Rollout
import ServiceLifecycle
import Telemetry
import UnixSignals
import Web

/// Everything `assay rollout` runs, wired by its settings.
package struct RolloutProcess {
    package enum ActuatorName: String, CaseIterable {
        case webhook
        case argoRollout = "argo-rollout"
    }

    package let settings: Settings
    private let logger: Logger

    package init(_ settings: Settings) throws {
        self.settings = settings
        logger = try LogSettings.logger("assay-rollout", settings)
    }

    package func run() async throws {
        let kafka = try KafkaWiring(settings, as: .rollout)
        let group = try settings.required("rollout.groupId")
        let configuration = RolloutConfiguration(
            policy: try policy(),
            group: group,
            rolloutTopic: kafka.rollouts,
            deadLetterTopic: kafka.deadLetters,
            serviceVersion: ProgramVersion.current
        )
        let actuator = try actuator()
        let listening = try ListeningSettings(settings)
        let delay = try settings.duration("shutdown.delay")
        let grace = try settings.duration("shutdown.grace")
        let registry = MetricRegistry()
        ServiceMetrics.registerProcess(in: registry)
        let metrics = RolloutMetrics(RolloutStatistics(), in: registry)
        let actuatorName = try settings.required("rollout.actuator")
        for warning in settings.warnings {
            logger.warning("a setting is not used", metadata: ["reason": "\(warning)"])
        }
        settings.secrets.start(logger: logger, in: registry, for: .rollout)
        kafka.watch.export(in: registry)
        logger.info(
            "starting",
            metadata: [
                "version": "\(ProgramVersion.current)", "librdkafka": "\(kafkaLibraryVersion())",
                "actuator": "\(actuatorName)",
                "kafka": "\(kafka.redacted)",
            ]
        )
        let topics = TopicSetup(kafka, logger: logger)
        let producer = try KafkaProducer(configuration: kafka.configuration, logger: logger)
        let history = try KafkaRolloutHistory(
            configuration: kafka.configuration,
            topic: kafka.rollouts,
            logger: logger
        )
        let service = ControllerService(topics: topics) { [logger] in
            let source = try KafkaVerdictSource(
                configuration: kafka.configuration,
                group: group,
                topic: kafka.verdicts,
                maximumBacklog: configuration.maximumBacklog,
                logger: logger
            )
            metrics.consumer.watch { source.statistics }
            let controller = RolloutController(
                configuration: configuration,
                source: source,
                sink: KafkaRolloutSink(producer: producer),
                history: history,
                actuator: actuator,
                now: { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) },
                observer: metrics.observer,
                logger: logger
            )
            return (controller, source)
        }
        let readiness = Readiness()
        readiness.watchKafka(kafka.watch.clients, in: registry, isJoined: { service.isJoined })
        var services: [any Service] = [topics]
        if settings.isGiven("web.port") {
            let health = HealthRoutes(
                registry: registry,
                health: { await readiness.report() },
                version: ProgramVersion.current
            )
            services.append(
                ListeningServer(router: { WebServer.router(health) }, settings: listening, logger: logger)
            )
        }
        if let password = kafka.watch.service { services.append(password) }
        let stop = StopNotice(readiness: readiness, delay: delay, grace: grace, logger: logger)
        services += [service, stop]
        var run = ServiceGroupConfiguration(
            services: services.map { .init(service: $0) },
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        run.maximumGracefulShutdownDuration = stop.cancellation
        try await ServiceGroup(configuration: run).run()
        await producer.close()
        logger.info("stopped")
    }

    /// Throws what `run` would throw about the settings.
    package func check() throws {
        _ = try KafkaWiring(settings, as: .rollout)
        _ = try policy()
        _ = try actuator()
    }

    private func policy() throws -> RolloutPolicy {
        RolloutPolicy(
            onPass: try settings.choice("rollout.onPass", ActionKind.self),
            onMarginal: try settings.choice("rollout.onMarginal", ActionKind.self),
            onFail: try settings.choice("rollout.onFail", ActionKind.self),
            onInconclusive: try settings.choice("rollout.onInconclusive", ActionKind.self),
            releases: PlanMatch(
                applications: settings.list("rollout.applications"),
                environments: settings.list("rollout.environments")
            ),
            dryRun: try settings.flag("rollout.dryRun")
        )
    }

    private func actuator() throws -> any Actuator {
        switch try settings.choice("rollout.actuator", ActuatorName.self) {
        case .webhook:
            guard let url = try settings.address("rollout.webhookUrl") else {
                throw SettingsError("rollout.webhookUrl is required by the webhook actuator (--rollout-webhook-url)")
            }
            return WebhookActuator(
                url: url,
                client: try HTTPClients.bearer(settings, tokenKey: "rollout.webhookToken", .rolloutWebhook)
            )
        case .argoRollout:
            return try argoActuator()
        }
    }
}
