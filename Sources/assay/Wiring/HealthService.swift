import Hummingbird
import Logging
import ServiceLifecycle
import Telemetry
import Web

/// Health and metrics of a process without an HTTP interface of its own.
struct HealthService: Service {
    var registry: MetricRegistry
    var notReady: @Sendable () async -> [String]
    var host: String
    var port: Int
    var portFile: String?
    var logger: Logger

    func run() async throws {
        let health = HealthRoutes(registry: registry, notReady: notReady, version: Assay.version)
        try await ListeningServer(
            router: { WebServer.router(health) },
            host: host,
            port: port,
            portFile: portFile,
            logger: logger
        )
        .run()
    }
}
