import Analysis
import EventFormats
import Foundation
import HTTPTransport
import Kubernetes
import Logging
import Rollout
import ServiceLifecycle
import Telemetry
import Text
import UnixSignals
import Web

/// Everything `assay rollout` runs, wired by its settings.
package struct RolloutProcess {
    package enum ActuatorName: String, CaseIterable {
        case webhook
        case argoRollout = "argo-rollout"
    }

    package let settings: Settings
    let logger: Logger
    private let verification: KeyFile<VerificationKeys>?

    package init(_ settings: Settings) throws {
        self.settings = settings
        logger = try LogSettings.logger("assay-rollout", settings)
        verification = try KeyFile(.rolloutVerificationKeysFile, of: settings, logger: logger) {
            try VerificationKeys(pem: $0)
        }
    }

    /// Reads verdicts, and believes those that the settings say.
    var reader: VerdictReader {
        VerdictReader(now: Self.now, keys: verification?.source)
    }

    package func run() async throws {
        if try settings.flag(.processCoreDumps) { CoreDumps.allow() }
        let group = try settings.required(.rolloutGroupId)
        let configuration = RolloutConfiguration(policy: try policy(), group: group)
        let actuator = try actuator()
        let listening =
            try (settings.isGiven(.webPort) ? [ListeningSettings(settings)] : [])
            + [ListeningSettings(probesOf: settings)].compactMap { $0 }
        let delay = try settings.duration(.shutdownDelay)
        let grace = try settings.duration(.shutdownGrace)
        let registry = MetricRegistry()
        ServiceMetrics.registerProcess(in: registry)
        ServiceMetrics.bootstrapLibraries(onto: registry)
        let metrics = RolloutMetrics(RolloutStatistics(), in: registry)
        let actuatorName = try settings.required(.rolloutActuator)
        settings.logWarnings(to: logger)
        settings.secrets.start(logger: logger, in: registry, for: .rollout)
        // Before anything that connects is made.
        let exposure = StandingNotice.exposures(settings, for: .rollout, logger: logger)
        let connection = try connection(group, registry) { described in
            logger.info(
                "starting",
                metadata: described.merging([
                    "version": "\(ProgramVersion.current)", "actuator": "\(actuatorName)",
                ]) { $1 }
            )
        }
        let service = ControllerService(prepare: connection.prepare) {
            try connection.make(configuration, actuator, metrics)
        }
        let readiness = Readiness()
        connection.watch(readiness, registry, service)
        metrics.watch(readiness)
        exposure.watch(readiness)
        var services = connection.services + exposure.services
        for place in listening {
            let health = HealthRoutes(
                registry: registry,
                health: { await readiness.report() },
                version: ProgramVersion.current,
                shows: .init(metrics: place.isForProbes || listening.count == 1, reasons: .callersOnThisMachine)
            )
            services.append(ListeningServer(router: { WebServer.router(health) }, settings: place, logger: logger))
        }
        let stop = StopNotice(readiness: readiness, delay: delay, grace: grace, logger: logger)
        services += [service, stop]
        var run = ServiceGroupConfiguration(
            services: services.map { .init(service: NamedService($0)) },
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        run.maximumGracefulShutdownDuration = stop.cancellation
        stop.watchdog.start()
        try await ServiceGroup(configuration: run).run()
        await connection.close()
        logger.info("stopped")
    }

    private func connection(
        _ group: String,
        _ registry: MetricRegistry,
        logStart: (Logger.Metadata) -> Void
    ) throws -> RolloutConnection {
        switch try settings.choice(.rolloutSource, RolloutSource.self) {
        case .kafka: try kafkaConnection(group, registry, logStart: logStart)
        case .http: try serviceConnection(group, logStart: logStart)
        }
    }

    @Sendable static func now() -> Timestamp {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }

    /// Throws what `run` would throw about the settings.
    package func check() throws {
        switch try settings.choice(.rolloutSource, RolloutSource.self) {
        case .kafka: _ = try KafkaWiring(settings, as: .rollout)
        case .http: _ = try serviceConnection(try settings.required(.rolloutGroupId)) { _ in }
        }
        _ = try policy()
        _ = try actuator()
    }

    private func policy() throws -> RolloutPolicy {
        let age = try settings.duration(.rolloutMaximumVerdictAge)
        return RolloutPolicy(
            onPass: try settings.choice(.rolloutOnPass, ActionKind.self),
            onMarginal: try settings.choice(.rolloutOnMarginal, ActionKind.self),
            onFail: try settings.choice(.rolloutOnFail, ActionKind.self),
            onInconclusive: try settings.choice(.rolloutOnInconclusive, ActionKind.self),
            releases: PlanMatch(
                applications: settings.list(.rolloutApplications),
                environments: settings.list(.rolloutEnvironments)
            ),
            clusters: try clusters(),
            namespaces: settings.list(.rolloutNamespaces),
            sources: settings.list(.rolloutSources),
            plans: settings.list(.rolloutPlans),
            plansFromEvents: try settings.flag(.rolloutPlansFromEvents),
            workloads: try workloads(),
            maximumAge: age > .zero ? age : nil,
            dryRun: try settings.flag(.rolloutDryRun)
        )
    }

    private func workloads() throws -> [WorkloadGrant] {
        try settings.list(.rolloutWorkloads).map { text in
            guard let grant = WorkloadGrant(text) else {
                throw SettingsError("rollout.workloads: \(text.excerpt()) is not of the form application=workload")
            }
            return grant
        }
    }

    /// The receiver of a webhook is told the cluster and may decide; a Rollout of the same name in the cluster at hand
    /// is another one.
    private func clusters() throws -> ClusterScope {
        let clusters = settings.list(.rolloutClusters)
        let actuator = try settings.choice(.rolloutActuator, ActuatorName.self)
        guard clusters.isEmpty else {
            return .named(clusters, acceptsUnnamed: try settings.flag(.rolloutUnnamedCluster))
        }
        return actuator == .webhook ? .any : .named([], acceptsUnnamed: true)
    }

    private func actuator() throws -> any Actuator {
        switch try settings.choice(.rolloutActuator, ActuatorName.self) {
        case .webhook:
            guard let url = try settings.address(.rolloutWebhookUrl) else {
                throw SettingsError("rollout.webhookUrl is required by the webhook actuator (--rollout-webhook-url)")
            }
            return WebhookActuator(
                url: url,
                client: try HTTPClients.bearer(settings, tokenKey: .rolloutWebhookToken, .rolloutWebhook)
            )
        case .argoRollout:
            return try argoActuator()
        }
    }
}
