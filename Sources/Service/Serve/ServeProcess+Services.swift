import Analysis
import Concurrency
package import Engine
import EventFormats
import Foundation
import Grafana
import HTTPTransport
package import Kafka
import Logging
import Notifications
import Prometheus
import ServiceLifecycle
import Store
package import Telemetry
import Web

extension ServeProcess {
    /// Verdicts always have a sink; the others only when they are configured.
    private var composer: OutboxComposer {
        var sinks: Set<OutboxSink> = [.verdicts]
        if serve.grafanaURL != nil { sinks.insert(.annotations) }
        if serve.webhookURL != nil { sinks.insert(.webhook) }
        return OutboxComposer(
            sinks: sinks,
            encoding: encoding,
            destinations: serve.notifications.destinations,
            pageURL: serve.pageURL
        )
    }

    private var encoding: VerdictMessageEncoding {
        VerdictMessageEncoding(
            source: serve.source,
            reportURL: { [pageURL = serve.pageURL] verdict in pageURL(verdict.session) },
            signingKey: signing?.source
        )
    }

    func metricsBackEnd() throws -> PrometheusBackEnd { PrometheusBackEnd(try prometheusClient()) }

    func prometheusClient() throws -> PrometheusClient {
        var queries = PrometheusClient.Options()
        queries.extraParameters = serve.prometheusParameters
        queries.method = serve.prometheusMethod
        queries.timeout = serve.prometheusTimeout
        queries.maximumResponseBytes = serve.prometheusMaximumAnswerBytes
        queries.secrets = try HTTPClients.prometheusSecrets(settings)
        return PrometheusClient(
            baseURL: serve.prometheusURL,
            http: try HTTPClients.prometheus(settings),
            options: queries
        )
    }

    func engine(_ parts: ServeParts, _ backEnd: QueryCoalescer) -> SessionEngine {
        var options = SessionEngine.Options(owner: parts.replicas.name)
        options.lease = serve.lease
        options.maximumConcurrentSessions = serve.concurrency
        options.maximumAnalysesPerSource = serve.intakeLimits.analysesPerSource
        return SessionEngine(
            store: parts.store,
            opener: SessionOpener(plans: plans, maximumAge: serve.maximumEventAge),
            evaluator: SessionEvaluator(
                sampler: Sampler(backEnd: backEnd),
                changes: ChangesAround(store: parts.store) { [dependencies] in
                    dependencies?.current ?? Dependencies()
                },
                clock: parts.clock,
                metrics: parts.metrics
            ),
            composer: composer,
            work: parts.work,
            outbox: OutboxSignals(Array(parts.outbox.values)),
            clock: parts.clock,
            metrics: parts.metrics,
            logger: logger,
            options: options
        )
    }

    /// Nil where they are switched off. Their queries are joined with none of the analyses, and say nothing about the back end.
    func selfChecks(
        _ parts: ServeParts,
        _ backEnd: PrometheusBackEnd,
        besides analyses: QueryCoalescer,
        _ watch: BackEndWatch
    ) -> SelfCheckKeeper? {
        guard serve.selfCheckEvery > .zero else { return nil }
        return SelfCheckKeeper(
            records: parts.store,
            source: BackgroundSource(
                backEnd,
                isBusy: { analyses.isAsking },
                isAway: { watch.trouble != nil }
            ),
            replicas: parts.replicas,
            every: serve.selfCheckEvery,
            clock: parts.clock,
            metrics: parts.metrics,
            logger: logger
        )
    }

    /// Their queries come after those of analyses too, and one at a time.
    func pastAnalyses(
        _ parts: ServeParts,
        _ backEnd: PrometheusBackEnd,
        besides analyses: QueryCoalescer,
        _ watch: BackEndWatch
    ) -> PastAnalysisKeeper {
        var options = PastAnalysisKeeper.Options(owner: parts.replicas.name)
        options.lease = serve.lease
        return PastAnalysisKeeper(
            store: parts.store,
            source: BackgroundSource(
                backEnd,
                pause: Self.pauseOfPastWindows,
                mostPauses: Self.pausesOfPastWindows,
                retries: 2,
                isBusy: { analyses.isAsking },
                isAway: { watch.trouble != nil }
            ),
            work: parts.pastWindows,
            clock: parts.clock,
            metrics: parts.metrics,
            logger: logger,
            options: options
        )
    }

    /// Between two of their queries; and how many of these pauses one waits while analyses ask: five minutes.
    private static let pauseOfPastWindows = Duration.milliseconds(50)
    private static let pausesOfPastWindows = 6000

    private func planServices(_ parts: ServeParts) throws -> PlanServices {
        let inlinePlans = InlinePlans(PlanCatalog.reader, limits: serve.eventPlans, thread: SerialThread())
        let check = try LivePlanCheck(settings)
        return PlanServices(
            catalog: plans,
            inlinePlans: inlinePlans,
            past: PastWindowDesk(
                plans: plans,
                inlinePlans: inlinePlans,
                store: parts.store,
                work: parts.pastWindows,
                clock: parts.clock
            ),
            trial: { plan, release in try await check.report(of: plan, for: release).tried }
        )
    }

    package func topicIntake(
        _ parts: ServeParts,
        _ producer: KafkaProducer,
        _ topics: TopicSetup
    ) -> DeployTopicIntake {
        let (group, topic) = (serve.group, parts.kafka.deployEvents)
        // A replica that dies loses its partitions when it loses its other work.
        let options = KafkaConsumer.Options(sessionTimeout: serve.lease)
        return DeployTopicIntake(
            makeConsumer: { [logger] in
                await topics.settled()
                return try KafkaConsumer(
                    configuration: parts.kafka.configuration,
                    groupID: group,
                    topics: [topic],
                    options: options,
                    logger: logger
                )
            },
            deadLetters: DeadLetterTopic(
                producer: producer,
                topic: parts.kafka.deadLetters,
                version: ProgramVersion.current
            ),
            maximumDeadLetters: serve.deadLetterRate.map(Double.init),
            intake: parts.intake,
            clock: parts.clock,
            metrics: parts.metrics,
            logger: logger
        )
    }

    /// Its role is that of the other reader of topics: a process without it need not reach the brokers.
    func rolloutTopicIntake(_ parts: ServeParts) -> RolloutTopicIntake {
        let kafka = parts.kafka
        let actions = ActionKeeper(
            store: parts.store,
            composer: composer,
            clock: parts.clock,
            outbox: OutboxSignals(Array(parts.outbox.values))
        )
        // What troubles the reader is one line of the intake's own.
        let silent = Logger(label: "assay-rollouts") { _ in SwiftLogNoOpLogHandler() }
        return RolloutTopicIntake(actions: actions, logger: logger) { start in
            var configuration = kafka.configuration
            configuration.clients = kafka.watch.apart()
            return try KafkaReader(configuration: configuration, topic: kafka.rollouts, from: start, logger: silent)
        }
    }

    package func webServer(
        _ parts: ServeParts,
        _ registry: MetricRegistry,
        _ readiness: Readiness
    ) throws -> ListeningServer {
        let (token, readToken) = (serve.access.token, serve.access.readToken)
        var web = WebDependencies(
            store: parts.store,
            intake: parts.intake,
            registry: registry,
            clock: parts.clock,
            verdicts: VerdictFeed(store: parts.store, encoding: encoding),
            composer: composer,
            outbox: OutboxSignals(Array(parts.outbox.values)),
            desk: DecisionDesk(
                store: parts.store,
                composer: composer,
                outbox: OutboxSignals(Array(parts.outbox.values)),
                clock: parts.clock,
                metrics: parts.metrics,
                replica: parts.replicas.name,
                logger: logger
            ),
            health: { await readiness.report() },
            version: ProgramVersion.current,
            access: serve.access.asksForToken
                ? WebAccess(
                    tokens: { token.map { BearerTokens.usable($0.value) } ?? [] },
                    readTokens: readToken.map { token in { @Sendable in BearerTokens.usable(token.value) } },
                    namedTokens: tokens?.source,
                    oidc: oidc(parts.clock),
                    publicReads: serve.access.publicReads
                ) : nil,
            hooks: serve.hooks.reader,
            hookSecrets: serve.hooks.githubSecret.map { secret in { @Sendable in BearerTokens.usable(secret.value) } },
            kayenta: kayenta(parts),
            hosts: serve.hosts,
            shows: .init(
                metrics: serve.probes == nil,
                reasons: serve.access.asksForToken ? .none : .callersOnThisMachine
            ),
            logger: logger
        )
        web.plans = { [plans] in plans.shelf }
        web.planServices = try planServices(parts)
        web.streams = ProcessLimits.connections(web.streams)
        return ListeningServer(router: { [web] in WebServer.router(web) }, settings: serve.listening, logger: logger)
    }

    private func oidc(_ clock: StoreClock) -> OIDCVerifier? {
        guard let terms = serve.access.oidc, let keys = providerKeys?.source else { return nil }
        return OIDCVerifier(terms, keys: keys, now: { clock.now() })
    }

    /// Health and metrics of a process without the role web, or on a port of their own.
    package func healthServer(
        _ registry: MetricRegistry,
        _ readiness: Readiness,
        at listening: ListeningSettings
    ) -> ListeningServer {
        let health = HealthRoutes(
            registry: registry,
            health: { await readiness.report() },
            version: ProgramVersion.current,
            shows: .init(metrics: listening.isForProbes || serve.probes == nil, reasons: .callersOnThisMachine)
        )
        return ListeningServer(router: { WebServer.router(health) }, settings: listening, logger: logger)
    }

    /// How long a message is kept for a sink that does not take it. Only verdicts are kept for as long as it takes.
    private static let maximumAge = Duration.seconds(86_400)

    package func removedDestinations(_ parts: ServeParts) -> RemovedDestinations {
        RemovedDestinations(
            store: parts.store,
            served: Set(serve.notifications.sinks),
            owner: parts.replicas.name,
            age: Self.maximumAge,
            clock: parts.clock,
            metrics: parts.metrics,
            logger: logger
        )
    }

    /// One relay per sink.
    package func relays(_ parts: ServeParts) throws -> [OutboxRelay] {
        try sinks(parts).map { sink in
            var options = OutboxRelay.Options(owner: parts.replicas.name)
            options.lease = serve.lease
            options.maximumAge = sink.sink == .verdicts ? nil : Self.maximumAge
            return OutboxRelay(
                store: parts.store,
                sink: sink,
                replicas: parts.replicas,
                work: parts.outbox[sink.sink] ?? WakeSignal(),
                clock: parts.clock,
                metrics: parts.metrics,
                logger: logger,
                options: options
            )
        }
    }

    private func sinks(_ parts: ServeParts) throws -> [any MessageSink] {
        let kafka = parts.kafka
        var sinks: [any MessageSink] = [
            VerdictTopicSink(
                verdicts: KafkaVerdictTopic(
                    configuration: kafka.configuration,
                    topic: kafka.verdicts,
                    logger: logger
                ),
                name: serve.group,
                records: VerdictRecords(topic: kafka.verdicts, encoding: encoding)
            )
        ]
        if let url = serve.grafanaURL {
            let grafana = GrafanaClient(
                baseURL: url,
                http: try HTTPClients.bearer(settings, tokenKey: .grafanaToken, .grafana)
            )
            let place = GrafanaPlace(dashboard: serve.grafanaDashboard)
            sinks.append(AnnotationSink(grafana: grafana, store: parts.store, place: place))
        }
        if let url = serve.webhookURL {
            let http = try HTTPClients.bearer(settings, tokenKey: .webhookBearerToken, .webhook)
            sinks.append(WebhookSink(http: http, url: url, encoding: encoding))
        }
        return sinks + (try serve.notifications.sinks(parts.store))
    }
}
