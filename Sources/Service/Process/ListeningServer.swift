package import Hummingbird
package import Logging
import NIOCore
import ServiceLifecycle
package import Web

/// An HTTP server that says where it listens, in the log and in a file.
package struct ListeningServer: Service {
    /// Makes the router when the server starts: one is not to be shared.
    package var router: @Sendable () -> Router<WebContext>
    package var settings: ListeningSettings
    package var logger: Logger

    private var limits: WebLimits {
        var limits = settings.isForProbes ? WebLimits.probes : WebLimits()
        limits.connections = ProcessLimits.connections(limits.connections)
        limits.connectionsOfPeer = min(limits.connectionsOfPeer, max(2, limits.connections / 2))
        return limits
    }

    package func run() async throws {
        let application = WebServer.application(
            router(),
            host: settings.host,
            port: settings.port,
            limits: limits,
            logger: logger
        ) { port in
            logger.info(
                settings.isForProbes ? "listening for probes" : "listening",
                metadata: ["address": "http://\(settings.host):\(port)"]
            )
            guard let path = settings.portFile else { return }
            do { try PortFile.write("\(port)\n", to: path) } catch {
                logger.error("port file cannot be written", metadata: ["path": "\(path)", "error": "\(error)"])
            }
        }
        do { try await application.run() } catch let error as IOError {
            if let sentence = ListeningError(settings, errno: error.errnoCode) { throw sentence }
            throw error
        }
    }
}
