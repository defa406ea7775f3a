import Foundation
import Logging
import Synchronization
import Testing

@testable import Web

/// Requests as they are sent on a connection, and what becomes of the connection.
@Suite struct ConnectionTests {
    private func answer(_ request: String, hosts: [String]? = nil) async throws -> String {
        let answers = Mutex("")
        try await SocketServer.run(hosts: hosts) { port in
            let connection = try await RawConnection.open(port: port)
            try await connection.send(request)
            let answer = try await connection.receive()
            answers.withLock { $0 = answer }
            connection.close()
        }
        return answers.withLock { $0 }
    }

    @Test(
        "A request has one Host; HTTP/1.0 knows none",
        arguments: [
            ("GET /version HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "200"),
            ("GET /version HTTP/1.1\r\nConnection: close\r\n\r\n", "400"),
            ("GET /version HTTP/1.1\r\nHost: a\r\nHost: a\r\nConnection: close\r\n\r\n", "400"),
            ("GET /version HTTP/1.1\r\nHost: a\r\nhost: b\r\nConnection: close\r\n\r\n", "400"),
            ("GET /version HTTP/1.0\r\n\r\n", "200"),
            ("GET /version HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", "400"),
        ]
    )
    func host(request: String, status: String) async throws {
        let answer = try await answer(request)
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
    }

    @Test("The connection of HTTP/1.0 is closed after its answer", arguments: ["", "Connection: keep-alive\r\n"])
    func oldVersion(header: String) async throws {
        let answer = try await answer("GET /livez HTTP/1.0\r\n\(header)\r\n")
        #expect(answer.hasSuffix("ok\n") && answer.lowercased().contains("connection: close"), "\(answer)")
    }

    /// The second request is in the same packet as the first.
    @Test func requestsBeforeTheLastAreAnswered() async throws {
        let livez = "GET /livez HTTP/1.1\r\nHost: a\r\n"
        let answer = try await answer("\(livez)\r\n\(livez)Connection: close\r\n\r\n")
        #expect(answer.components(separatedBy: "HTTP/1.1 200").count == 3, "\(answer)")
    }

    @Test("HEAD is answered as GET is, without the body", arguments: ["/livez", "/metrics", "/version", "/readyz"])
    func head(path: String) async throws {
        let headers = "HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        let answer = try await answer("HEAD \(path) \(headers)")
        #expect(answer.hasPrefix("HTTP/1.1 200") && answer.hasSuffix("\r\n\r\n"), "\(answer)")
        #expect(path != "/livez" || answer.lowercased().contains("content-length: 3"), "\(answer)")
    }

    /// A body after an answer to HEAD would be taken for the next answer.
    @Test func headOfWhatIsNotThereHasNoBody() async throws {
        let answer = try await answer(
            "HEAD /nothing HTTP/1.1\r\nHost: a\r\n\r\nGET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        )
        #expect(answer.hasPrefix("HTTP/1.1 404"), "\(answer)")
        #expect(answer.contains("\r\n\r\nHTTP/1.1 200"), "\(answer)")
    }

    /// The caller never sends the body that it says it has, or sends on and on.
    @Test(
        "Too much is answered at once, and the connection closed",
        arguments: [
            ("Content-Length: 100000000\r\n\r\n", ""), ("Content-Length: 1001\r\n\r\n", "x"),
            ("Transfer-Encoding: chunked\r\n\r\n", "5dc\r\n" + String(repeating: "x", count: 1500) + "\r\n"),
        ]
    )
    func tooLarge(headers: String, body: String) async throws {
        let answer = try await answer("POST /body HTTP/1.1\r\nHost: a\r\n\(headers)\(body)")
        #expect(answer.hasPrefix("HTTP/1.1 413"), "\(answer)")
        #expect(answer.lowercased().contains("connection: close"), "\(answer)")
        #expect(answer.contains("larger than 1000 bytes"), "\(answer)")
    }

    /// Keeps what is logged at a level that is seen.
    private struct Recorder: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        final class Lines: Sendable {
            let all = Mutex<[String]>([])
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { lines.all.withLock { $0.append("\(event.level) \(event.message)") } }
    }

    @Test("A body that is no HTTP is the caller's fault", arguments: ["zz\r\n", "5\r\nabcdefgh\r\n", "-1\r\n"])
    func brokenChunks(body: String) async throws {
        let lines = Recorder.Lines()
        try await SocketServer.run(logger: Logger(label: "test") { _ in Recorder(lines: lines) }) { port in
            let connection = try await RawConnection.open(port: port)
            try await connection.send("POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(body)")
            let answer = try await connection.receive()
            #expect(answer.hasPrefix("HTTP/1.1 400"), "\(answer)")
            #expect(lines.all.withLock { $0.filter { $0.hasPrefix("error") } } == [])
            connection.close()
        }
    }

    @Test func aCallerThatHangsUpIsNoError() async throws {
        let lines = Recorder.Lines()
        try await SocketServer.run(logger: Logger(label: "test") { _ in Recorder(lines: lines) }) { port in
            let connection = try await RawConnection.open(port: port)
            try await connection.send("POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
            connection.endSending()
            // Closed, with 400 or without a word.
            let answer = try await connection.receive()
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 400"), "\(answer)")
            #expect(lines.all.withLock { $0.filter { $0.hasPrefix("error") } } == [])
            connection.close()
        }
    }

    @Test(
        "Names of others are not answered where there is no token",
        arguments: [
            ("localhost:8080", "200"), ("LOCALHOST", "200"), ("shop.localhost", "200"), ("127.0.0.1:1", "200"),
            ("[::1]:8080", "200"), ("10.0.0.5", "200"), ("", "200"), ("assay.example.com", "200"),
            ("Assay.Example.com.:80", "200"), ("evil.example", "421"), ("localhost.evil.example", "421"),
            ("127.0.0.1.evil.example", "421"), ("evil.example:8080", "421"), ("assay.example.com.evil.example", "421"),
            ("[::1].evil.example", "421"), ("1.2.3", "421"), ("localhost:80@evil.example", "421"),
        ]
    )
    func hosts(host: String, status: String) async throws {
        let answer = try await answer(
            "GET /hosts HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n",
            hosts: ["assay.example.com"]
        )
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
    }

    @Test(
        "What the page of another site sends changes nothing",
        arguments: [
            ("POST", "", "200"), ("POST", "Origin: http://assay:8080\r\n", "200"),
            ("POST", "Sec-Fetch-Site: same-origin\r\n", "200"), ("POST", "Sec-Fetch-Site: none\r\n", "200"),
            ("GET", "Origin: https://evil.example\r\nSec-Fetch-Site: cross-site\r\n", "200"),
            ("POST", "Origin: https://evil.example\r\n", "403"), ("POST", "Origin: null\r\n", "403"),
            ("POST", "Origin: http://assay:8081\r\n", "403"), ("POST", "Sec-Fetch-Site: cross-site\r\n", "403"),
            ("POST", "Sec-Fetch-Site: same-site\r\n", "403"),
        ]
    )
    func sites(method: String, headers: String, status: String) async throws {
        let answer = try await answer(
            "\(method) /changes HTTP/1.1\r\nHost: assay:8080\r\n\(headers)Content-Length: 0\r\nConnection: close\r\n\r\n"
        )
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
    }
}
