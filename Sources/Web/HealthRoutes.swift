import Hummingbird
import NIOCore
package import Telemetry

/// `/livez`, `/readyz`, `/metrics`, `/version`.
package struct HealthRoutes: Sendable {
    private let registry: MetricRegistry
    private let health: @Sendable () async -> HealthReport
    private let version: String

    package init(registry: MetricRegistry, health: @escaping @Sendable () async -> HealthReport, version: String) {
        self.registry = registry
        self.health = health
        self.version = version
    }

    func add(to router: Router<BasicRequestContext>) {
        // Alive is whoever answers: no dependency may make a supervisor kill the process.
        router.get("livez") { _, _ in "ok\n" }
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
