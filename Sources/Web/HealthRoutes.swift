import Hummingbird
import NIOCore
package import Telemetry

/// `/livez`, `/readyz`, `/metrics`, `/version`.
package struct HealthRoutes: Sendable {
    private let registry: MetricRegistry
    /// Why the process is not ready; empty when it is.
    private let notReady: @Sendable () async -> [String]
    private let version: String

    package init(registry: MetricRegistry, notReady: @escaping @Sendable () async -> [String], version: String) {
        self.registry = registry
        self.notReady = notReady
        self.version = version
    }

    func add(to router: Router<BasicRequestContext>) {
        // Alive is whoever answers: no dependency may make a supervisor kill the process.
        router.get("livez") { _, _ in "ok\n" }
        router.get("readyz") { [self] _, _ in
            let reasons = await notReady()
            return Response(
                status: reasons.isEmpty ? .ok : .serviceUnavailable,
                headers: [.contentType: "text/plain; charset=utf-8"],
                body: .init(
                    byteBuffer: ByteBuffer(string: (reasons.isEmpty ? "ok" : reasons.joined(separator: "\n")) + "\n")
                )
            )
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
