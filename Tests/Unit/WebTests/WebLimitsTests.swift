import Foundation
import Testing

@testable import Web

/// What slow, large and many callers meet, over sockets. Waits end by what the server does, never by a clock.
@Suite struct WebLimitsTests {
    private static let livez = "GET /livez HTTP/1.1\r\nHost: a\r\n"

    @Test func aFurtherConnectionTakesThePlaceOfTheOneThatIsIdleLongest() async throws {
        var limits = WebLimits()
        (limits.connections, limits.idle) = (2, .seconds(3600))
        try await SocketServer.run(limits) { port in
            let first = try await RawConnection.open(port: port)
            try await first.send(Self.livez + "\r\n")
            #expect(try await first.receive(until: "ok\n").hasPrefix("HTTP/1.1 200"))
            let second = try await RawConnection.open(port: port)
            try await second.send(Self.livez + "\r\n")
            #expect(try await second.receive(until: "ok\n").hasPrefix("HTTP/1.1 200"))
            let third = try await RawConnection.open(port: port)
            try await third.send(Self.livez + "\r\n")
            #expect(try await third.receive(until: "ok\n").hasPrefix("HTTP/1.1 200"))
            #expect(try await first.receive() == "")
            try await second.send(Self.livez + "\r\n")
            #expect(try await second.receive(until: "ok\n").hasPrefix("HTTP/1.1 200"))
            for connection in [first, second, third] { connection.close() }
        }
    }

    /// More than there is room for, and not a byte of them.
    @Test func connectionsThatSayNothingKeepNobodyOut() async throws {
        var limits = WebLimits()
        (limits.connections, limits.connectionsOfPeer, limits.idle) = (20, 10, .seconds(3600))
        try await SocketServer.run(limits) { port in
            var silent: [RawConnection] = []
            for _ in 0..<50 { silent.append(try await RawConnection.open(port: port)) }
            let caller = try await RawConnection.open(port: port)
            try await caller.send(Self.livez + "\r\n")
            #expect(try await caller.receive(until: "ok\n").hasPrefix("HTTP/1.1 200"))
            for connection in silent + [caller] { connection.close() }
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
            (
                "GET /livez?" + String(repeating: "a", count: 293)
                    + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "200"
            ),
            (
                "GET /livez?" + String(repeating: "a", count: 294)
                    + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "400"
            ),
        ]
        try await SocketServer.run(limits) { port in
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
        try await SocketServer.run(limits) { port in
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
        try await SocketServer.run(limits) { port in
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
        try await SocketServer.run(limits) { port in
            let first = try await RawConnection.open(port: port)
            try await first.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
            // On a busy machine the time may be too short for the second as well.
            var answer = ""
            while answer.isEmpty {
                let second = try await RawConnection.open(port: port)
                // Where there is no room yet, the connection is closed at once.
                try? await second.send(Self.livez + "Connection: close\r\n\r\n")
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
        try await SocketServer.run(limits) { port in
            let connection = try await RawConnection.open(port: port)
            for _ in 0..<3 {
                try await connection.send(Self.livez + "\r\n" + Self.livez + "\r\n")
                let answers = try await connection.receive(until: "ok\n", times: 2)
                #expect(answers.components(separatedBy: "HTTP/1.1 200").count == 3, "\(answers)")
            }
            connection.close()
        }
    }
}
