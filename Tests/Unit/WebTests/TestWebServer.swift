import Analysis
import Concurrency
import Engine
import EventFormats
import Foundation
import Hummingbird
import HummingbirdTesting
import Kayenta
import KayentaFormats
import Logging
import PlanFormats
import Store
import Synchronization
import Telemetry
import Web

/// The routes of the service over a store of its own, without a network.
struct TestWebServer {
    var health = HealthReport()
    var access: WebAccess?
    var hooks = HookReader()
    var hookSecrets: WebAccess.Tokens?
    var maximumPages: Int?
    var backpressure = IntakeBackpressure()
    var clock: any EngineClock = SystemClock()
    var streams = 100
    var answersKayenta = true
    var plans: (@Sendable () -> PlanShelf)?
    var planServices = TestPlans()
    let registry = MetricRegistry()
    var encoding = VerdictMessageEncoding(source: "/assay/test") { "https://assay.test/v1/sessions/\($0.session)" }

    func run(_ body: @Sendable (any TestClientProtocol, SQLiteStore) async throws -> Void) async throws {
        try await withRouter { router, store in
            try await Application(router: router).test(.router) { try await body($0, store) }
        }
    }

    func routes() async throws -> [(path: RouterPath, method: HTTPRequest.Method)] {
        let found = Mutex<[(path: RouterPath, method: HTTPRequest.Method)]>([])
        try await withRouter { router, _ in
            let routes = router.routes.map { (path: $0.path, method: $0.method) }
            found.withLock { $0 = routes }
        }
        return found.withLock { $0 }
    }

    private func withRouter(_ body: (Router<WebContext>, SQLiteStore) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: directory) }
        let store = try SQLiteStore(path: directory.appending(path: "s.db").path, maximumPages: maximumPages)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let metrics = EngineMetrics(registry)
        let composer = OutboxComposer(sinks: [.verdicts], encoding: encoding)
        var dependencies = WebDependencies(
            store: store,
            intake: Intake(
                reader: EnvelopeReader(plans: PlanReader(), planLimits: EventPlanLimits(), hooks: hooks),
                store: store,
                backpressure: backpressure,
                work: WakeSignal(),
                metrics: metrics,
                logger: logger
            ),
            registry: registry,
            clock: clock,
            verdicts: VerdictFeed(store: store, encoding: encoding),
            composer: composer,
            desk: DecisionDesk(
                store: store,
                composer: composer,
                outbox: OutboxSignals([]),
                clock: clock,
                metrics: metrics,
                replica: "test",
                logger: logger
            ),
            health: { [health] in health },
            version: "1.2.3",
            access: access,
            hooks: hooks,
            hookSecrets: hookSecrets,
            logger: logger
        )
        dependencies.streams = streams
        if answersKayenta { dependencies.kayenta = KayentaAPI(store: store, clock: clock) }
        dependencies.plans = plans
        dependencies.planServices = try planServices.services(store, clock)
        try await body(WebServer.router(dependencies), store)
        await store.close()
    }
}

/// Metrics that are away.
private struct NoSamples: CanarySource {
    func series(of query: String, for scope: CanaryScope) async throws(CanarySourceFailure) -> [CanarySeries] {
        throw CanarySourceFailure("no back end is here", isTransient: true)
    }
}

extension KayentaAPI {
    fileprivate init(store: SQLiteStore, clock: any EngineClock) {
        self.init(records: store, source: NoSamples(), clock: clock, work: WakeSignal())
    }
}
