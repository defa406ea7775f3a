package import Concurrency
import Hummingbird
import NIOCore
package import Telemetry

/// `/livez`, `/readyz`, `/metrics`, `/version`.
package struct HealthRoutes: Sendable {
    private let registry: MetricRegistry
    private let health: @Sendable () async -> HealthReport
    private let version: String
    private let pulses: HeartbeatRegister

    package init(
        registry: MetricRegistry,
        health: @escaping @Sendable () async -> HealthReport,
        version: String,
        pulses: HeartbeatRegister = .process
    ) {
        self.registry = registry
        self.health = health
        self.version = version
        self.pulses = pulses
    }

    func add(to router: Router<BasicRequestContext>) {
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
        router.get("readyz") { [self] _, _ in
            let report = await health()
            return try JSONBody.response(report, status: report.ready ? .ok : .serviceUnavailable)
        }
        router.get("metrics") { [self] _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: registry.render()))
            )
        }
        router.get("version") { [self] _, _ in
            try JSONBody.response(["version": version])
        }
    }
}
