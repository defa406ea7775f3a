import Foundation
import Hummingbird
import Logging
import ServiceLifecycle
import Web

/// An HTTP server that says where it listens, in the log and in a file.
struct ListeningServer: Service {
    /// Made when the server starts: a router is not to be shared.
    var router: @Sendable () -> Router<BasicRequestContext>
    var host: String
    var port: Int
    var portFile: String?
    var logger: Logger

    func run() async throws {
        let application = WebServer.application(router(), host: host, port: port, logger: logger) { port in
            logger.info("listening", metadata: ["address": "http://\(host):\(port)"])
            guard let portFile else { return }
            do { try Data("\(port)\n".utf8).write(to: URL(fileURLWithPath: portFile), options: .atomic) } catch {
                logger.error("port file cannot be written", metadata: ["path": "\(portFile)", "error": "\(error)"])
            }
        }
        try await application.run()
    }
}
