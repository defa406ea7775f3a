import Hummingbird
import Logging
import NIOCore
import Telemetry

@testable import Web

/// A server with the health routes, a page of many bytes at `/large`, bodies taken at `/body`, and streams: one that says
/// one thing, one that takes three seconds, and one that goes on for as long as it is taken.
enum SocketServer {
    static let maximumBytes = 1000

    static func run(
        _ limits: WebLimits = WebLimits(),
        hosts: [String]? = nil,
        logger: Logger? = nil,
        onStreamEnd: @escaping @Sendable () -> Void = {},
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
        addStreams(to: router, onStreamEnd)
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

    private static func addStreams(to router: Router<WebContext>, _ onEnd: @escaping @Sendable () -> Void) {
        let headers: HTTPFields = [.contentType: StreamRoutes.contentType]
        router.get("stream") { _, context in
            Response(
                status: .ok,
                headers: headers,
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: "data: begun\n\n"))
                    try? await context.closed.get()
                    try await writer.finish(nil)
                }
            )
        }
        router.get("slow-stream") { _, _ in
            Response(
                status: .ok,
                headers: headers,
                body: ResponseBody { writer in
                    for _ in 0..<6 {
                        try await writer.write(ByteBuffer(string: ":\n\n"))
                        try await Task.sleep(for: .milliseconds(500))
                    }
                    try await writer.write(ByteBuffer(string: "data: end\n\n"))
                    try await writer.finish(nil)
                }
            )
        }
        router.get("flood") { _, _ in
            Response(
                status: .ok,
                headers: headers,
                body: ResponseBody { writer in
                    defer { onEnd() }
                    let chunk = ByteBuffer(repeating: UInt8(ascii: ":"), count: 16 << 10)
                    while true { try await writer.write(chunk) }
                }
            )
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
