import Analysis
import Concurrency
import Engine
import Hummingbird
import HummingbirdTesting
import JSON
import NIOCore
import Store
import Testing
import Web

/// Releases are forgotten where an operator asks for it, and that is kept.
@Suite struct ReleaseRoutesTests {
    private func withServer(
        tokens: (@Sendable () throws -> [String])? = nil,
        _ body: @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        let access = tokens.map { WebAccess(tokens: $0) }
        try await TestWebServer(access: access).run { client, _ in try await body(client) }
    }

    private func reset(
        _ client: any TestClientProtocol,
        _ body: String,
        token: String? = nil
    ) async throws -> (HTTPResponse.Status, String) {
        var headers: HTTPFields = [.contentType: "application/json"]
        if let token { headers[.authorization] = "Bearer \(token)" }
        return try await client.execute(
            uri: "/v1/releases/reset",
            method: .post,
            headers: headers,
            body: ByteBuffer(string: body)
        ) { ($0.status, String(buffer: $0.body)) }
    }

    private func resets(_ client: any TestClientProtocol, token: String? = nil) async throws -> [JSONObject] {
        var headers: HTTPFields = [:]
        if let token { headers[.authorization] = "Bearer \(token)" }
        return try await client.execute(uri: "/v1/releases/resets", method: .get, headers: headers) { response in
            let bytes = Array(response.body.readableBytesView)
            let answer = try JSONParser.parse(bytes, maximumDepth: 8).object
            return answer?["resets"]?.elements?.compactMap(\.object) ?? []
        }
    }

    @Test func aResetIsKeptWithWhoAskedForItAndWhy() async throws {
        try await withServer { client in
            let (status, body) = try await reset(client, #"{"application":"shop","reason":"the clock was wrong"}"#)
            #expect(status == .ok)
            #expect(body == #"{"outcome":"reset","environments":0}"#)
            _ = try await reset(client, #"{"application":"shop","environment":"production"}"#)
            let resets = try await resets(client)
            #expect(resets.map { $0["environment"]?.text } == ["production", nil])
            #expect(resets.map { $0["by"]?.text } == ["no token", "no token"])
            #expect(resets.last?["reason"]?.text == "the clock was wrong")
            #expect(resets.compactMap { $0["at"]?.text.flatMap { Timestamp(rfc3339: $0) } }.count == 2)
        }
    }

    @Test func aResetAsksForTheToken() async throws {
        try await withServer(tokens: { ["a-token-of-enough-length"] }) { client in
            let (refused, _) = try await reset(client, #"{"application":"shop"}"#)
            let (taken, _) = try await reset(client, #"{"application":"shop"}"#, token: "a-token-of-enough-length")
            #expect([refused, taken] == [.unauthorized, .ok])
            let resets = try await resets(client, token: "a-token-of-enough-length")
            #expect(resets.map { $0["by"]?.text } == ["web.token"])
        }
    }

    @Test(arguments: [
        "", "{}", #"{"application":""}"#, #"{"application":"a\u0007"}"#, #"{"application":7}"#, "[]",
        #"{"application":"shop","environment":""}"#, #"{"application":"shop","enviroment":"production"}"#,
        #"{"application":"\#(String(repeating: "a", count: 257))"}"#,
        #"{"application":"shop","reason":"\#(String(repeating: "a", count: 1025))"}"#,
    ])
    func whatIsNotClearIsRefused(body: String) async throws {
        try await withServer { client in
            let (status, _) = try await reset(client, body)
            #expect(status == .badRequest)
            let kept = try await resets(client)
            #expect(kept.isEmpty)
        }
    }
}
