import Hummingbird
import NIOCore
import Telemetry

/// `/livez`, `/readyz`, `/metrics`, `/version`.
struct HealthRoutes: Sendable {
    private let dependencies: WebDependencies

    init(_ dependencies: WebDependencies) {
        self.dependencies = dependencies
    }

    func add(to router: Router<BasicRequestContext>) {
        // Alive is whoever answers: no dependency may make a supervisor kill the process.
        router.get("livez") { _, _ in "ok\n" }
        router.get("readyz") { [dependencies] _, _ in
            let reasons = await dependencies.notReady()
            return Response(
                status: reasons.isEmpty ? .ok : .serviceUnavailable,
                headers: [.contentType: "text/plain; charset=utf-8"],
                body: .init(
                    byteBuffer: ByteBuffer(string: (reasons.isEmpty ? "ok" : reasons.joined(separator: "\n")) + "\n")
                )
            )
        }
        router.get("metrics") { [dependencies] _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: dependencies.registry.render()))
            )
        }
        router.get("version") { [dependencies] _, _ in
            try JSONBody.response(["version": dependencies.version])
        }
    }
}
