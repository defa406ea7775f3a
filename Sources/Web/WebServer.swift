package import Engine
import Foundation
package import Hummingbird
package import Logging
import NIOCore
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
    package var health: @Sendable () async -> HealthReport
    package var version: String
    /// Who may call `/v1`; nil to let every caller in.
    package var access: WebAccess?
    package var logger: Logger

    package init(
        store: any Store,
        intake: Intake,
        registry: MetricRegistry,
        clock: any EngineClock,
        verdicts: VerdictFeed? = nil,
        composer: OutboxComposer = OutboxComposer(sinks: [.verdicts], encoding: .init(source: "/assay")),
        outbox: OutboxSignals = OutboxSignals([]),
        health: @escaping @Sendable () async -> HealthReport,
        version: String,
        access: WebAccess? = nil,
        logger: Logger
    ) {
        self.store = store
        self.intake = intake
        self.registry = registry
        self.clock = clock
        self.verdicts = verdicts ?? VerdictFeed(store: store, encoding: .init(source: "/assay"))
        self.composer = composer
        self.outbox = outbox
        self.health = health
        self.version = version
        self.access = access
        self.logger = logger
    }
}

/// The HTTP interface: events in, sessions and their verdicts out, health and metrics.
package enum WebServer {
    /// The largest body that is read; a larger one is answered with 413.
    package static let maximumBodyBytes = 262_144

    package static func router(_ dependencies: WebDependencies) -> Router<BasicRequestContext> {
        let health = HealthRoutes(
            registry: dependencies.registry,
            health: dependencies.health,
            version: dependencies.version
        )
        let router = router(health)
        let interface = router.group("v1")
        if let access = dependencies.access {
            let refusals = RefusedTokens(
                WebMetrics(dependencies.registry),
                clock: dependencies.clock,
                logger: dependencies.logger
            )
            interface.add(middleware: BearerToken(access: access, refusals: refusals))
        }
        SessionRoutes(store: dependencies.store, access: dependencies.access).add(to: interface.group("sessions"))
        EventRoutes(dependencies).add(to: interface.group("events"))
        VerdictRoutes(feed: dependencies.verdicts, store: dependencies.store, clock: dependencies.clock)
            .add(to: interface.group("verdicts"))
        ActionRoutes(
            store: dependencies.store,
            composer: dependencies.composer,
            clock: dependencies.clock,
            outbox: dependencies.outbox
        ).add(to: interface)
        return router
    }

    /// Health and metrics alone.
    package static func router(_ health: HealthRoutes) -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        router.add(middleware: ErrorRendering())
        router.add(middleware: KnownMethods())
        router.add(middleware: MetricsMiddleware())
        health.add(to: router)
        return router
    }

    /// A server on `host`; port 0 takes any free one. `onListening` is told the port.
    package static func application(
        _ router: Router<BasicRequestContext>,
        host: String,
        port: Int,
        limits: WebLimits = WebLimits(),
        logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void
    ) -> some ApplicationProtocol {
        Application(
            router: router,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [ExchangeDeadline(TimeAmount(limits.exchange))],
                    idleTimeout: TimeAmount(limits.idle),
                    httpDecoderConfiguration: limits.decoder
                )
            ),
            configuration: .init(
                address: .hostname(host, port: port),
                serverName: "assay",
                availableConnectionsDelegate: .maximum(limits.connections, logger: logger)
            ),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? port) },
            logger: logger
        )
    }
}
