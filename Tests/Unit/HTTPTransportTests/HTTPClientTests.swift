import HTTPTestServer
import HTTPTransport
import Testing

/// The client against real sockets.
@Suite(.timeLimit(.minutes(5)))
struct HTTPClientTests {
    static func client(
        _ change: (inout HTTPClient.Configuration) -> Void = { _ in }
    ) throws -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.proxy = .none
        configuration.retry = .none
        change(&configuration)
        return try HTTPClient(configuration: configuration)
    }

    /// The code of the error that a request ends with.
    static func failure(_ client: HTTPClient, _ request: HTTPRequest) async -> HTTPError? {
        do throws(HTTPError) {
            _ = try await client.execute(request)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: HTTPMethod.allCases)
    func everyMethodArrives(method: HTTPMethod) async throws {
        let server = try TestHTTPServer { request in [.respond(200, headers: ["X-Seen: \(request.method)"])] }
        let client = try Self.client()
        let response = try await client.execute(HTTPRequest(method: method, url: server.url + "/a?b=c"))
        #expect(response.status == 200)
        #expect(response.headers["x-seen"] == method.rawValue)
        #expect(response.httpVersion == .http11)
        #expect(server.statistics.requests.first?.target == "/a?b=c")
        await client.close()
    }

    @Test(arguments: [HTTPMethod.post, .put, .patch, .delete, .get])
    func bodyAndHeadersArrive(method: HTTPMethod) async throws {
        let server = try TestHTTPServer { [.respond(201, String(decoding: $0.body, as: UTF8.self))] }
        let client = try Self.client { $0.headers = ["X-Tenant": "one", "X-Other": "kept"] }
        let request = HTTPRequest(
            method: method,
            url: server.url,
            headers: ["X-Tenant": "two", "Content-Type": "application/json", "X-Empty": ""],
            body: Array("{\"ä\":1}\0end".utf8)
        )
        let response = try await client.execute(request)
        #expect(response.status == 201)
        #expect(response.body == request.body)
        let seen = try #require(server.statistics.requests.first)
        #expect(seen.method == method.rawValue)
        #expect(seen.headers["x-tenant"] == "two")
        #expect(seen.headers["x-other"] == "kept")
        #expect(seen.headers["x-empty"] == "")
        #expect(seen.headers["content-type"] == "application/json")
        #expect(seen.headers["expect"] == nil)
        await client.close()
    }

    @Test func emptyPostHasLengthZero() async throws {
        let server = try TestHTTPServer { _ in [.respond(204)] }
        let client = try Self.client()
        _ = try await client.execute(HTTPRequest(method: .post, url: server.url))
        _ = try await client.execute(HTTPRequest(method: .post, url: server.url, body: []))
        #expect(server.statistics.requests.map { $0.headers["content-length"] } == ["0", "0"])
        #expect(server.statistics.requests.allSatisfy { $0.headers["content-type"] == nil })
    }

    @Test func connectionIsUsedAgain() async throws {
        let server = try TestHTTPServer { _ in [.respond(200, "x")] }
        let client = try Self.client()
        for _ in 0..<5 { _ = try await client.execute(HTTPRequest(url: server.url)) }
        #expect(server.statistics.requests.count == 5)
        #expect(server.statistics.connections == 1)
        await client.close()
    }

    @Test func handlesForgetTheRequestBefore() async throws {
        let server = try TestHTTPServer { _ in [.respond(200)] }
        let client = try Self.client()
        _ = try await client.execute(
            HTTPRequest(method: .patch, url: server.url, headers: ["X-One": "1"], body: [1, 2, 3])
        )
        _ = try await client.execute(HTTPRequest(url: server.url))
        let second = try #require(server.statistics.requests.last)
        #expect(second.method == "GET")
        #expect(second.body.isEmpty)
        #expect(second.headers["x-one"] == nil)
    }

    @Test func bearerTokenIsReadFromItsFileEachTime() async throws {
        let folder = try TemporaryFolder()
        let secret = try Secret(file: folder.write("first\n", to: "token"))
        let server = try TestHTTPServer { _ in [.respond(200)] }
        let client = try Self.client { $0.authentication = .bearer(secret) }
        _ = try await client.execute(HTTPRequest(url: server.url))
        try folder.write("second\n", to: "token")
        _ = try await client.execute(HTTPRequest(url: server.url))
        #expect(server.statistics.requests.map { $0.headers["authorization"] } == ["Bearer first", "Bearer second"])
        try folder.write("bad\r\nX-Injected: 1", to: "token")
        #expect(await Self.failure(client, HTTPRequest(url: server.url))?.code == .invalidRequest)
        #expect(server.statistics.requests.count == 2)
    }

    @Test func basicAuthentication() async throws {
        let server = try TestHTTPServer { _ in [.respond(401)] }
        let client = try Self.client { $0.authentication = .basic(user: "user", password: Secret("pa:ss")) }
        let response = try await client.execute(HTTPRequest(url: server.url))
        #expect(response.status == 401)
        #expect(server.statistics.requests.map { $0.headers["authorization"] } == ["Basic dXNlcjpwYTpzcw=="])
    }

    @Test func redirectIsAnAnswer() async throws {
        let server = try TestHTTPServer { _ in [.respond(302, headers: ["Location: http://127.0.0.1:1/"])] }
        let client = try Self.client()
        #expect(try await client.execute(HTTPRequest(url: server.url)).status == 302)
        #expect(server.statistics.requests.count == 1)
    }

    @Test func compressedAnswerIsUnpackedAndBoundedUnpacked() async throws {
        // 100,000 zero bytes as gzip.
        let packed = try #require(Samples.gzippedZeros)
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(packed.count)\r\n\r\n"
        let server = try TestHTTPServer { _ in [.send(Array(head.utf8) + packed)] }
        let client = try Self.client()
        let whole = try await client.execute(HTTPRequest(url: server.url, maximumResponseBytes: 100_000))
        #expect(whole.body == [UInt8](repeating: 0, count: 100_000))
        let error = await Self.failure(client, HTTPRequest(url: server.url, maximumResponseBytes: 99_999))
        #expect(error?.code == .responseTooLarge)
    }

    @Test(arguments: [true, false])
    func oversizedAnswerEndsEarly(announced: Bool) async throws {
        let length = announced ? "Content-Length: 1000000000\r\n" : ""
        let head = Array("HTTP/1.1 200 OK\r\n\(length)\r\n".utf8)
        let server = try TestHTTPServer { _ in
            [.send(head), .send([UInt8](repeating: 65, count: 200_000)), .hold]
        }
        let client = try Self.client()
        let error = await Self.failure(client, HTTPRequest(url: server.url, maximumResponseBytes: 1000))
        #expect(error?.code == .responseTooLarge)
        #expect(error?.isTransient == false)
        await server.wait { $0.abandoned + ($0.running == 0 ? 1 : 0) > 0 }
    }

    @Test func endlessHeadersAreRefused() async throws {
        let line = Array("X-Filler: \(String(repeating: "x", count: 1000))\r\n".utf8)
        let server = try TestHTTPServer { _ in
            [.send(Array("HTTP/1.1 200 OK\r\n".utf8))] + (0..<80).map { _ in .send(line) }
                + [.send(Array("Content-Length: 0\r\n\r\n".utf8))]
        }
        let client = try Self.client()
        let error = await Self.failure(client, HTTPRequest(url: server.url))
        #expect(error?.code == .responseTooLarge)
        #expect(
            error?.message.contains("headers of the answer are larger than 65536 bytes") == true,
            "\(error?.message ?? "")"
        )
    }

    @Test func cancellingEndsTheConnection() async throws {
        let server = try TestHTTPServer { _ in [.hold] }
        let client = try Self.client()
        let task = Task { await Self.failure(client, HTTPRequest(url: server.url)) }
        await server.wait { $0.requests.count == 1 }
        task.cancel()
        #expect(await task.value?.code == .cancelled)
        await server.wait { $0.abandoned == 1 }
        await client.close()
    }

    /// A program that is started meanwhile would keep the connection open.
    @Test func socketsAreNotHandedToOtherPrograms() async throws {
        let server = try TestHTTPServer { _ in [.hold] }
        let client = try Self.client()
        let task = Task { await Self.failure(client, HTTPRequest(url: server.url)) }
        await server.wait { $0.requests.count == 1 }
        let port = try #require(server.url.split(separator: ":").last.flatMap { UInt16($0) })
        let sockets = LoopbackSocket.connected(to: port)
        #expect(!sockets.isEmpty)
        for socket in sockets { #expect(LoopbackSocket.isClosedOnExec(socket)) }
        task.cancel()
        _ = await task.value
    }

    @Test func cancelledBeforeTheStart() async throws {
        let server = try TestHTTPServer { _ in [.hold] }
        let client = try Self.client()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await Self.failure(client, HTTPRequest(url: server.url))
        }
        #expect(await task.value?.code == .cancelled)
    }

    @Test func timesOut() async throws {
        let server = try TestHTTPServer { _ in [.send(Array("HTTP/1.1 200 OK\r\nContent-Le".utf8)), .hold] }
        let client = try Self.client()
        let error = await Self.failure(client, HTTPRequest(url: server.url, timeout: .milliseconds(50)))
        #expect(error?.code == .timedOut)
        #expect(error?.isTransient == true)
    }

    @Test func aRequestThatGetsNoSlotIsRefusedAndNotTimedOut() async throws {
        let server = try TestHTTPServer { _ in [.hold] }
        let client = try Self.client {
            $0.maximumConcurrentRequests = 1
            $0.maximumWait = .milliseconds(50)
        }
        let first = Task { await Self.failure(client, HTTPRequest(url: server.url)) }
        await server.wait { $0.requests.count == 1 }
        let second = await Self.failure(client, HTTPRequest(url: server.url))
        #expect(second?.code == .overloaded)
        #expect(second?.message.contains("too many requests are under way") == true)
        #expect(server.statistics.requests.count == 1)
        first.cancel()
        _ = await first.value
    }

    /// What waited in the line is sent in the end, with its own time still before it.
    @Test func waitingForASlotIsNoTimeOut() async throws {
        let server = try TestHTTPServer { request in
            request.target == "/first" ? [.gate, .respond(200)] : [.respond(200)]
        }
        let client = try Self.client { $0.maximumConcurrentRequests = 1 }
        let first = Task { try await client.execute(HTTPRequest(url: server.url + "/first")).status }
        await server.wait { $0.requests.count == 1 }
        let second = Task {
            try await client.execute(HTTPRequest(url: server.url + "/second", timeout: .seconds(10))).status
        }
        server.openGate()
        #expect(try await first.value == 200)
        #expect(try await second.value == 200)
    }

    @Test func closingFailsWhatIsUnfinished() async throws {
        let server = try TestHTTPServer { _ in [.hold] }
        let client = try Self.client()
        let task = Task { await Self.failure(client, HTTPRequest(url: server.url)) }
        await server.wait { $0.requests.count == 1 }
        await client.close()
        #expect(await task.value?.code == .closed)
        await server.wait { $0.abandoned == 1 }
        #expect(await Self.failure(client, HTTPRequest(url: server.url))?.code == .closed)
        await client.close()
    }

    @Test func concurrencyIsBoundedPerHost() async throws {
        let server = try TestHTTPServer { _ in [.gate, .respond(200)] }
        let client = try Self.client { $0.maximumConcurrentRequestsPerHost = 3 }
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 { group.addTask { try await client.execute(HTTPRequest(url: server.url)).status } }
            await server.wait { $0.running == 3 }
            server.openGate()
            for try await status in group { #expect(status == 200) }
        }
        #expect(server.statistics.mostRunning == 3)
        #expect(server.statistics.connections <= 3)
        #expect(server.statistics.requests.count == 20)
    }

    @Test func tooManyWaitingAreRefused() async throws {
        let server = try TestHTTPServer { _ in [.hold] }
        let client = try Self.client {
            $0.maximumConcurrentRequests = 1
            $0.maximumWaitingRequests = 0
        }
        let task = Task { await Self.failure(client, HTTPRequest(url: server.url)) }
        await server.wait { $0.requests.count == 1 }
        #expect(await Self.failure(client, HTTPRequest(url: server.url))?.code == .overloaded)
        await client.close()
        #expect(await task.value?.code == .closed)
    }

    @Test(arguments: [
        ("ftp://127.0.0.1/", HTTPError.Code.invalidURL), ("file:///etc/passwd", .invalidURL),
        ("127.0.0.1", .invalidURL),
        ("http://", .invalidURL), ("http://a b/", .invalidURL), ("", .invalidURL), ("http://x\0y/", .invalidURL),
        ("http://no-such-host.invalid/", .unreachable), ("http://127.0.0.1:1/", .unreachable),
    ])
    func addressesThatCannotBeReached(url: String, code: HTTPError.Code) async throws {
        let client = try Self.client()
        #expect(await Self.failure(client, HTTPRequest(url: url))?.code == code)
    }

    @Test(arguments: [
        ([TestHTTPServer.Step.reset], HTTPError.Code.unreachable),
        ([.close], .unreachable),
        ([.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort".utf8)), .close], .unreachable),
        ([.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort".utf8)), .reset], .unreachable),
        ([.send(Array("SSH-2.0-OpenSSH_9.2\r\n\r\n".utf8)), .close], .protocolError),
    ])
    func brokenAnswers(steps: [TestHTTPServer.Step], code: HTTPError.Code) async throws {
        let server = try TestHTTPServer { _ in steps }
        let client = try Self.client()
        #expect(await Self.failure(client, HTTPRequest(url: server.url))?.code == code)
    }

    @Test(arguments: ["X-A\r\nX-B", "", "X A", "Ä"])
    func headerNamesAreChecked(name: String) async throws {
        let client = try Self.client()
        let request = HTTPRequest(url: "http://127.0.0.1:1/", headers: HTTPHeaders([.init(name: name, value: "1")]))
        #expect(await Self.failure(client, request)?.code == .invalidRequest)
    }

    @Test(arguments: ["a\r\nX-B: 1", "a\nb", "\0"])
    func headerValuesAreChecked(value: String) async throws {
        let client = try Self.client()
        let request = HTTPRequest(url: "http://127.0.0.1:1/", headers: ["X-A": value])
        #expect(await Self.failure(client, request)?.code == .invalidRequest)
    }

    @Test func errorsHoldNoCredentials() async throws {
        let client = try Self.client { $0.authentication = .bearer(Secret("hunter2")) }
        let error = await Self.failure(client, HTTPRequest(url: "http://bob:hunter2@127.0.0.1:1/a?token=hunter2"))
        let message = try #require(error?.message)
        #expect(!message.contains("hunter2"))
        #expect(!message.contains("bob"))
        #expect(message.hasPrefix("GET http://127.0.0.1:1/a: "))
        #expect(!"\(HTTPHeaders(dictionaryLiteral: ("Authorization", "Bearer hunter2")))".contains("hunter2"))
    }

    @Test func retriesThroughRealSockets() async throws {
        let server = try TestHTTPServer { _ in [.respond(503, headers: ["Retry-After: 7"])] }
        var configuration = HTTPClient.Configuration()
        configuration.proxy = .none
        let time = ManualTime()
        let client = try HTTPClient(configuration: configuration, environment: time.environment)
        #expect(try await client.execute(HTTPRequest(url: server.url)).status == 503)
        #expect(server.statistics.requests.count == 3)
        #expect(time.sleeps == [.seconds(7), .seconds(7)])
    }
}
