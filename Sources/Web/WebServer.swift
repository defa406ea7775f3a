package import Engine
package import EventFormats
import Foundation
package import Hummingbird
package import Kayenta
package import Logging
import NIOCore
package import PlanFormats
package import Store
package import Telemetry

/// What the HTTP interface is made of.
package struct WebDependencies: Sendable {
    package var store: any Store
    package var intake: Intake
    package var registry: MetricRegistry
    package var clock: any EngineClock
    /// What readers of verdicts get.
    package var verdicts: VerdictFeed
    package var composer: OutboxComposer
    /// Signalled when something has been written to the outbox.
    package var outbox: OutboxSignals
    /// Takes what people decide.
    package var desk: DecisionDesk
    package var health: @Sendable () async -> HealthReport
    package var version: String
    /// Who may call `/v1`; nil to let every caller in.
    package var access: WebAccess?
    /// Reads messages of other systems.
    package var hooks: HookReader
    /// What messages of GitHub are signed with; nil where they need a token as all others do.
    package var hookSecrets: WebAccess.Tokens?
    /// Kayenta's API; nil where it is switched off.
    package var kayenta: KayentaAPI?
    /// Without tokens: names that requests may be for, beside those of this machine.
    package var hosts: [String]
    /// What the health routes show.
    package var shows: HealthRoutes.Shown
    /// Streams of events that may be open at a time.
    package var streams = 1100
    /// The plans that are in use; nil in a process that has none.
    package var plans: (@Sendable () -> PlanShelf)?
    /// Nil where neither plans are shown to programs nor past windows judged.
    package var planServices: PlanServices?
    package var logger: Logger

    package init(
        store: any Store,
        intake: Intake,
        registry: MetricRegistry,
        clock: any EngineClock,
        verdicts: VerdictFeed? = nil,
        composer: OutboxComposer = OutboxComposer(sinks: [.verdicts], encoding: .init(source: "/assay")),
        outbox: OutboxSignals = OutboxSignals([]),
        desk: DecisionDesk,
        health: @escaping @Sendable () async -> HealthReport,
        version: String,
        access: WebAccess? = nil,
        hooks: HookReader = HookReader(),
        hookSecrets: WebAccess.Tokens? = nil,
        kayenta: KayentaAPI? = nil,
        hosts: [String] = [],
        shows: HealthRoutes.Shown = HealthRoutes.Shown(),
        logger: Logger
    ) {
        self.store = store
        self.intake = intake
        self.registry = registry
        self.clock = clock
        self.verdicts = verdicts ?? VerdictFeed(store: store, encoding: .init(source: "/assay"))
        self.composer = composer
        self.outbox = outbox
        self.desk = desk
        self.health = health
        self.version = version
        self.access = access
        self.hooks = hooks
        self.hookSecrets = hookSecrets
        self.kayenta = kayenta
        self.hosts = hosts
        self.shows = shows
        self.logger = logger
    }
}

/// The HTTP interface: events in, sessions and their verdicts out, health and metrics.
package enum WebServer {
    /// The largest body that is read; a larger one is answered with 413.
    package static let maximumBodyBytes = 262_144

    package static func router(_ dependencies: WebDependencies) -> Router<WebContext> {
        var health = HealthRoutes(
            registry: dependencies.registry,
            health: dependencies.health,
            version: dependencies.version,
            shows: dependencies.shows,
            access: dependencies.access
        )
        // Exported where no token is asked for, too.
        let metrics = WebMetrics(dependencies.registry)
        let refusals = RefusedTokens(metrics, clock: dependencies.clock, logger: dependencies.logger)
        if dependencies.access != nil { health.refusals = refusals }
        let routes = KnownRoutes()
        let router = router(health, routes, pages: ErrorPages(version: dependencies.version))
        let interface = router.group("v1")
        interface.add(middleware: OriginCheck())
        let pages = router.group()
        pages.add(middleware: PageHeaders())
        PageRoutes.addAssets(to: pages)
        InterfaceDescription.add(to: router)
        let reports = pages.group()
        let kayenta = router.group("kayenta")
        kayenta.add(middleware: KayentaErrors())
        kayenta.add(middleware: OriginCheck())
        let challenges = [
            (interface, "Bearer"), (kayenta, "Bearer"), (reports, #"Basic realm="assay", charset="UTF-8""#),
        ]
        for (group, challenge) in challenges {
            if let access = dependencies.access {
                group.add(middleware: BearerToken(access: access, refusals: refusals, challenge: challenge))
            } else {
                group.add(middleware: HostCheck(names: dependencies.hosts.map { $0.lowercased() }))
            }
        }
        reports.add(middleware: OriginCheck())
        PageRoutes(
            store: dependencies.store,
            version: dependencies.version,
            access: dependencies.access,
            plans: dependencies.plans
        ).add(to: reports)
        let watch = ChangeWatch(
            dependencies.store,
            clock: dependencies.clock,
            metrics: metrics,
            maximum: dependencies.streams
        )
        let streams = StreamRoutes(store: dependencies.store, watch: watch, access: dependencies.access)
        streams.add(to: interface)
        streams.add(to: reports)
        ChangeRoutes(store: dependencies.store).add(to: interface.group("changes"))
        SessionRoutes(store: dependencies.store, access: dependencies.access).add(to: interface.group("sessions"))
        if let plans = dependencies.planServices {
            PlanRoutes(plans, clock: dependencies.clock).add(to: interface.group("plans"))
            PastAnalysisRoutes(store: dependencies.store, desk: plans.past, clock: dependencies.clock)
                .add(to: interface.group("analyses"))
            PastPageRoutes(store: dependencies.store, version: dependencies.version, clock: dependencies.clock)
                .add(to: reports)
        }
        let decisions = DecisionRoutes(dependencies.desk)
        decisions.add(to: interface.group("sessions"))
        DecisionForms(
            decisions,
            analyses: ReportedAnalyses(store: dependencies.store),
            version: dependencies.version
        ).add(to: reports)
        let events = EventRoutes(dependencies)
        events.add(to: interface.group("events"))
        let hooks = HookRoutes(events)
        hooks.add(to: interface.group("hooks"), isGitHubSigned: dependencies.hookSecrets != nil)
        if let secrets = dependencies.hookSecrets {
            hooks.addSigned(to: router.group("v1/hooks"), secrets: secrets, refusals)
        }
        VerdictRoutes(feed: dependencies.verdicts, store: dependencies.store, clock: dependencies.clock)
            .add(to: interface.group("verdicts"))
        GateRoutes(
            store: dependencies.store,
            clock: dependencies.clock,
            hooks: dependencies.hooks,
            metrics: metrics
        ).add(to: interface.group("gate"))
        ReleaseRoutes(
            store: dependencies.store,
            clock: dependencies.clock,
            logger: dependencies.logger
        ).add(to: interface.group("releases"))
        ActionRoutes(
            store: dependencies.store,
            composer: dependencies.composer,
            clock: dependencies.clock,
            outbox: dependencies.outbox
        ).add(to: interface)
        if let api = dependencies.kayenta {
            KayentaRoutes(api: api).add(to: kayenta)
            KayentaHealth.add(to: router, dependencies.health)
        }
        routes.take(from: router)
        return router
    }

    /// Health and metrics alone.
    package static func router(_ health: HealthRoutes) -> Router<WebContext> {
        let routes = KnownRoutes()
        let router = router(health, routes, pages: nil)
        routes.take(from: router)
        return router
    }

    private static func router(_ health: HealthRoutes, _ routes: KnownRoutes, pages: ErrorPages?) -> Router<WebContext>
    {
        let router = Router(context: WebContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: ErrorRendering(routes: routes, pages: pages))
        router.add(middleware: KnownMethods())
        router.add(middleware: HostCheck(names: nil))
        router.add(middleware: MetricsMiddleware())
        health.add(to: router)
        return router
    }

    /// A server on `host`; port 0 takes any free one. `onListening` is told the port.
    package static func application(
        _ router: Router<WebContext>,
        host: String,
        port: Int,
        limits: WebLimits = WebLimits(),
        logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void
    ) -> some ApplicationProtocol {
        let register = ConnectionRegister(limits)
        return Application(
            router: router,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [
                        ConnectionConduct(register, limits), ExchangeDeadline(limits),
                    ],
                    httpDecoderConfiguration: limits.decoder
                )
            ),
            configuration: .init(address: .hostname(host, port: port), serverName: "assay"),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? port) },
            logger: logger
        )
    }
}
