package import Concurrency
import Hummingbird
import NIOCore
package import Telemetry

/// `/livez`, `/readyz`, `/metrics`, `/version`.
package struct HealthRoutes: Sendable {
    /// Callers without a token that get to see something.
    package enum Audience: Sendable {
        case everyCaller
        case callersOnThisMachine
        case none
    }

    /// What callers get to see that have no token.
    package struct Shown: Sendable {
        /// `/metrics`; otherwise it is on a port of its own.
        package var metrics = true
        /// Why a dependency is down: the words of back ends, with addresses and users in them.
        package var reasons = Audience.everyCaller

        package init(metrics: Bool = true, reasons: Audience = .everyCaller) {
            self.metrics = metrics
            self.reasons = reasons
        }
    }

    private let registry: MetricRegistry
    private let health: @Sendable () async -> HealthReport
    private let version: String
    private let pulses: HeartbeatRegister
    private let shows: Shown
    private let access: WebAccess?
    /// Told of wrong tokens.
    var refusals: RefusedTokens?

    package init(
        registry: MetricRegistry,
        health: @escaping @Sendable () async -> HealthReport,
        version: String,
        pulses: HeartbeatRegister = .process,
        shows: Shown = Shown(),
        access: WebAccess? = nil
    ) {
        self.registry = registry
        self.health = health
        self.version = version
        self.pulses = pulses
        self.shows = shows
        self.access = access
    }

    func add(to router: Router<WebContext>) {
        // A process that answers and has no stuck thread is alive: no dependency may make a supervisor kill it.
        router.get("livez") { [self] _, _ in
            let stalled = pulses.stalled()
            return Response(
                status: stalled.isEmpty ? .ok : .serviceUnavailable,
                headers: [.contentType: "text/plain; charset=utf-8"],
                body: .init(
                    byteBuffer: ByteBuffer(
                        string: stalled.isEmpty ? "ok\n" : "stuck: \(stalled.joined(separator: ", "))\n"
                    )
                )
            )
        }
        router.get("readyz") { [self] request, context in
            var report = await health()
            if !isForReasons(context), try await !isKnown(request) { report = report.withoutReasons }
            return try JSONBody.response(report, status: report.ready ? .ok : .serviceUnavailable)
        }
        router.get("metrics") { [self] _, _ in
            guard shows.metrics else {
                throw HTTPError(.notFound, message: "metrics are on the port of their own (web.probesPort)")
            }
            return Response(
                status: .ok,
                headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: registry.render()))
            )
        }
        router.get("version") { [self] _, _ in
            try JSONBody.response(["version": version])
        }
    }
    private func isForReasons(_ context: WebContext) -> Bool {
        switch shows.reasons {
        case .everyCaller: true
        case .callersOnThisMachine: context.isLocal
        case .none: false
        }
    }

    /// Whether the caller has a token of this service. A wrong one is counted and slowed as everywhere.
    private func isKnown(_ request: Request) async throws -> Bool {
        switch try? await access?.caller(of: request) {
        case .known?: return true
        case nil, .unknown(sentToken: false)?: return false
        case .unknown(sentToken: true)?: break
        }
        refusals?.record(.wrong, path: request.uri.path)
        try await refusals?.pause()
        return false
    }
}
