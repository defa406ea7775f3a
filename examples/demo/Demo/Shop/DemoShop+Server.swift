import Hummingbird
import Logging
import NIOCore

extension DemoShop {
    /// Serves until the task is cancelled.
    ///
    /// - Parameters:
    ///   - port: 0 takes any free port.
    ///   - onReady: called once with the port, when the shop answers.
    package func serve(
        host: String = "127.0.0.1",
        port: Int,
        onReady: @escaping @Sendable (Int) async -> Void
    ) async throws {
        var logger = Logger(label: "shop")
        logger.logLevel = .warning
        let application = Application(
            responder: router.buildResponder(),
            configuration: ApplicationConfiguration(address: .hostname(host, port: port), serverName: nil),
            onServerRunning: { channel in await onReady(channel.localAddress?.port ?? port) },
            logger: logger
        )
        try await application.run()
    }
}
