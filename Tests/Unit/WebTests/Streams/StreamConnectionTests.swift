import Foundation
import Testing

@testable import Web

/// How connections of streams are held, over sockets.
@Suite(.timeLimit(.minutes(5))) struct StreamConnectionTests {
    private static let livez = "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let stream = "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test("Streams take no place of other connections, and are not closed for them")
    func places() async throws {
        var limits = WebLimits()
        (limits.connections, limits.connectionsOfPeer) = (2, 1)
        try await SocketServer.run(limits) { port in
            var streams: [RawConnection] = []
            for _ in 0..<5 {
                let stream = try await RawConnection.open(port: port)
                try await stream.send(Self.stream)
                let answer = try await stream.receive(until: "data: begun\n\n")
                #expect(answer.hasPrefix("HTTP/1.1 200") && answer.lowercased().contains("connection: close"))
                streams.append(stream)
            }
            let caller = try await RawConnection.open(port: port)
            try await caller.send(Self.livez)
            #expect(try await caller.receive(until: "ok\n").hasPrefix("HTTP/1.1 200"))
            // A reader that sends no more has gone, and so has its stream.
            for stream in streams {
                stream.endSending()
                _ = try await stream.receive()
                stream.close()
            }
            caller.close()
        }
    }

    @Test("A stream goes on for longer than an exchange may take")
    func long() async throws {
        var limits = WebLimits()
        limits.exchange = .seconds(2)
        try await SocketServer.run(limits) { port in
            let stream = try await RawConnection.open(port: port)
            try await stream.send("GET /slow-stream HTTP/1.1\r\nHost: a\r\n\r\n")
            let text = try await stream.receive()
            #expect(text.contains("data: end\n\n"), "\(text)")
            stream.close()
        }
    }

    @Test("A reader that does not take what it is sent loses its stream")
    func slow() async throws {
        var limits = WebLimits()
        limits.untaken = .milliseconds(200)
        limits.exchange = .seconds(3600)
        let (ends, ended) = AsyncStream<Void>.makeStream()
        try await SocketServer.run(limits, onStreamEnd: { ended.yield() }) { port in
            let stream = try await RawConnection.open(port: port)
            try await stream.send("GET /flood HTTP/1.1\r\nHost: a\r\n\r\n")
            var iterator = ends.makeAsyncIterator()
            await iterator.next()
            stream.close()
        }
    }
}
