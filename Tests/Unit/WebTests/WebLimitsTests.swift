import Hummingbird
import Logging
import NIOCore
import Synchronization
import Telemetry
import Testing

@testable import Web

/// What slow, large and many callers meet, over sockets. Waits end by what the server does, never by a clock.
@Suite struct WebLimitsTests {
    /// Runs a server with these limits and a page of many bytes at `/large`.
    private func withServer(_ limits: WebLimits, _ body: @escaping @Sendable (Int) async throws -> Void) async throws {
        let router = WebServer.router(
            HealthRoutes(registry: MetricRegistry(), health: { HealthReport() }, version: "1")
        )
        router.get("large") { _, _ in ByteBuffer(repeating: UInt8(ascii: "x"), count: 64 << 20) }
        router.post("body") { request, _ in
            "\(try await request.body.collect(upTo: 1000).readableBytes)\n"
        }
        let (ports, port) = AsyncStream<Int>.makeStream()
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let application = WebServer.application(router, host: "127.0.0.1", port: 0, limits: limits, logger: logger) {
            port.yield($0)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            for await port in ports {
                try await body(port)
                break
            }
            group.cancelAll()
        }
    }

    private static let livez = "GET /livez HTTP/1.1\r\nHost: a\r\n"

    @Test func aFurtherConnectionWaits() async throws {
        var limits = WebLimits()
        limits.connections = 1
        try await withServer(limits) { port in
            let first = try await RawConnection.open(port: port)
            try await first.send(Self.livez + "\r\n")
            #expect(try await first.receive(until: "ok\n").hasPrefix("HTTP/1.1 200"))
            let second = try await RawConnection.open(port: port)
            try await second.send(Self.livez + "Connection: close\r\n\r\n")
            let isFirstClosed = Mutex(false)
            async let answer = second.receive(until: "ok\n")
            isFirstClosed.withLock { $0 = true }
            first.close()
            #expect(try await answer.hasPrefix("HTTP/1.1 200"))
            #expect(isFirstClosed.withLock { $0 })
            second.close()
        }
    }

    @Test func headersAreBounded() async throws {
        var limits = WebLimits()
        (limits.headers, limits.headerBytes, limits.headerListBytes) = (10, 300, 600)
        let count = { (count: Int) in (0..<count).map { "X-\($0): y\r\n" }.joined() }
        let value = { (bytes: Int) in "X: " + String(repeating: "y", count: bytes) + "\r\n" }
        let list = { (bytes: Int) in value(290) + value(bytes) }
        let cases: [(String, String)] = [
            (Self.livez + count(8) + "Connection: close\r\n\r\n", "200"),
            (Self.livez + count(9) + "Connection: close\r\n\r\n", "400"),
            (Self.livez + value(300) + "Connection: close\r\n\r\n", "200"),
            (Self.livez + value(301) + "Connection: close\r\n\r\n", "400"),
            (Self.livez + list(200) + "Connection: close\r\n\r\n", "200"),
            (Self.livez + list(299) + "Connection: close\r\n\r\n", "400"),
            ("GET /livez?" + String(repeating: "a", count: 293) + " HTTP/1.1\r\nConnection: close\r\n\r\n", "200"),
            ("GET /livez?" + String(repeating: "a", count: 294) + " HTTP/1.1\r\nConnection: close\r\n\r\n", "400"),
        ]
        try await withServer(limits) { port in
            for (request, status) in cases {
                let connection = try await RawConnection.open(port: port)
                try await connection.send(request)
                #expect(try await connection.receive().hasPrefix("HTTP/1.1 \(status)"), "\(request.prefix(60))")
                connection.close()
            }
        }
    }

    /// The caller says nothing, or begins a request and says no more.
    @Test(arguments: ["", "G", "GET /livez HTTP/1.1\r\nHost: a\r\nX-Slow: "])
    func headersThatDoNotEndAreGivenUp(beginning: String) async throws {
        var limits = WebLimits()
        limits.idle = .milliseconds(50)
        try await withServer(limits) { port in
            let connection = try await RawConnection.open(port: port)
            try await connection.send(beginning)
            #expect(try await connection.receive() == "")
            connection.close()
        }
    }

    /// A body that stops, and one that goes on after the answer was given because it is too large.
    @Test(arguments: [("100", 1), ("100000", 2000)])
    func bodiesThatDoNotEndAreGivenUp(length: String, sent: Int) async throws {
        var limits = WebLimits()
        limits.exchange = .milliseconds(200)
        try await withServer(limits) { port in
            let connection = try await RawConnection.open(port: port)
            let body = String(repeating: "x", count: sent)
            try await connection.send("POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n\(body)")
            let answer = try await connection.receive()
            #expect(answer.isEmpty || sent == 2000)
            connection.close()
        }
    }

    /// A client that does not read the answer loses the connection, so that the next caller has room.
    @Test func answersThatAreNotTakenAreGivenUp() async throws {
        var limits = WebLimits()
        limits.connections = 1
        limits.exchange = .milliseconds(200)
        try await withServer(limits) { port in
            let first = try await RawConnection.open(port: port)
            try await first.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
            // On a busy machine the time may be too short for the second as well.
            var answer = ""
            while answer.isEmpty {
                let second = try await RawConnection.open(port: port)
                try await second.send(Self.livez + "Connection: close\r\n\r\n")
                answer = try await second.receive()
                second.close()
            }
            #expect(answer.hasPrefix("HTTP/1.1 200"))
            first.close()
        }
    }

    /// Requests one after the other on one connection each have the whole time.
    @Test func answeredRequestsEndTheirDeadline() async throws {
        var limits = WebLimits()
        limits.exchange = .seconds(30)
        try await withServer(limits) { port in
            let connection = try await RawConnection.open(port: port)
            for _ in 0..<3 {
                try await connection.send(Self.livez + "\r\n" + Self.livez + "\r\n")
                #expect(try await connection.receive(until: "ok\n").hasPrefix("HTTP/1.1 200"))
            }
            connection.close()
        }
    }
}
