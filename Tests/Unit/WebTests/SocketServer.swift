import Hummingbird
import Logging
import NIOCore
import Telemetry

@testable import Web

/// A server with the health routes, a page of many bytes at `/large`, and bodies taken at `/body`.
enum SocketServer {
    static let maximumBytes = 1000

    static func run(
        _ limits: WebLimits = WebLimits(),
        hosts: [String]? = nil,
        logger: Logger? = nil,
        _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        let router = WebServer.router(
            HealthRoutes(registry: MetricRegistry(), health: { HealthReport() }, version: "1")
        )
        router.get("large") { _, _ in ByteBuffer(repeating: UInt8(ascii: "x"), count: 64 << 20) }
        router.group("changes").add(middleware: OriginCheck()).post { _, _ in "ok\n" }.get { _, _ in "ok\n" }
        router.post("body") { request, _ in
            "\(try await JSONBody.bytes(of: request, maximumBytes: maximumBytes).count)\n"
        }
        if let hosts {
            router.group("hosts").add(middleware: HostCheck(names: hosts)).get { _, _ in "ok\n" }
        }
        let (ports, port) = AsyncStream<Int>.makeStream()
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let application = WebServer.application(
            router,
            host: "127.0.0.1",
            port: 0,
            limits: limits,
            logger: logger ?? quiet
        ) {
            port.yield($0)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            for await port in ports {
                try await body(port)
                try? await served(port)
                break
            }
            group.cancelAll()
        }
    }

    /// Waits until every connection before has been handed to the server's task: one that is still queued when the task is
    /// cancelled ends the process (swift-nio, issue 2637).
    private static func served(_ port: Int) async throws {
        let connection = try await RawConnection.open(port: port)
        defer { connection.close() }
        try await connection.send("GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        _ = try await connection.receive()
    }
}
