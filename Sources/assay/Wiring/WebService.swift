import Foundation
import Hummingbird
import Logging
import ServiceLifecycle
import Web

/// The HTTP server as a service that says where it listens.
struct WebService: Service {
    var dependencies: WebDependencies
    var host: String
    var port: Int
    var portFile: String?
    var logger: Logger

    func run() async throws {
        let application = WebServer.application(dependencies, host: host, port: port, logger: logger) { port in
            logger.info("listening", metadata: ["address": "http://\(host):\(port)"])
            guard let portFile else { return }
            do { try Data("\(port)\n".utf8).write(to: URL(fileURLWithPath: portFile), options: .atomic) } catch {
                logger.error("port file cannot be written", metadata: ["path": "\(portFile)", "error": "\(error)"])
            }
        }
        try await application.runService(gracefulShutdownSignals: [])
    }
}
