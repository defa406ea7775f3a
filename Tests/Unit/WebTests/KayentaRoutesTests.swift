import Foundation
import Hummingbird
import HummingbirdTesting
import JSON
import NIOCore
import Store
import Testing
import Web

/// The requests and answers of Kayenta's API, as HTTP has them.
@Suite struct KayentaRoutesTests {
    static let config = """
        {"name": "web", "applications": ["shop"],
         "metrics": [{"name": "errors", "groups": ["g"], "scopeName": "default",
           "query": {"type": "prometheus", "customInlineTemplate": "PromQL:errors{track=\\"${scope}\\"}"}}],
         "classifier": {"groupWeights": {"g": 100}}}
        """

    /// Status and body.
    private func ask(
        _ client: any TestClientProtocol,
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: String? = nil,
        headers: HTTPFields = [:]
    ) async throws -> (status: Int, body: JSONValue?, headers: HTTPFields) {
        try await client.execute(
            uri: "/kayenta/\(path)",
            method: method,
            headers: headers,
            body: body.map { ByteBuffer(string: $0) }
        ) { response in
            let bytes = Array(response.body.readableBytesView)
            let json = try bytes.isEmpty ? nil : JSONParser.parse(bytes, maximumDepth: 32)
            return (response.status.code, json, response.headers)
        }
    }

    @Test("Each error has the form of Kayenta")
    func errors() async throws {
        try await TestWebServer(access: WebAccess(tokens: { ["write"] })).run { client, _ in
            let token: HTTPFields = [.authorization: "Bearer write"]
            let long = String(repeating: "x", count: 300)
            for (method, path, body, status) in [
                (.get, "canaryConfig/none", nil, 404), (.get, "canary/none", nil, 404),
                (.get, "canary/a%20b", nil, 404),
                (.post, "canaryConfig", "{", 400), (.post, "canaryConfig", "[]", 400), (.post, "canaryConfig", "", 400),
                (.post, "canary", "{}", 400),
                (.post, "canary/none", #"{"thresholds": {"pass": 1, "marginal": 1}}"#, 404),
                (.put, "canaryConfig/none", Self.config, 400), (.put, "pipelines/none/cancel", nil, 404),
                (.get, "canary/executions?limit=0", nil, 400), (.get, "canary/executions?page=x", nil, 400),
                (.get, "canary/executions?application=\(long)", nil, 400), (.post, "judges/judge", nil, 400),
                (
                    .post, "judges/judge?canaryConfigId=a&metricSetPairListId=b&passThreshold=0&marginalThreshold=0",
                    nil, 400
                ),
                (.post, "fetch/prometheus/query?metricSetName=m&metricName=m&customFilter=a%3Db", nil, 400),
                (
                    .post,
                    "fetch/prometheus/query?metricSetName=m&metricName=m&customFilter=a%3Db&start=2026-11-30T06:00:00Z"
                        + "&end=2026-11-30T07:00:00Z&step=60", nil, 503
                ),
                (.post, "canary", String(repeating: " ", count: (1 << 20) + 1), 413),
            ] as [(HTTPRequest.Method, String, String?, Int)] {
                let answer = try await ask(client, method, path, body, headers: token)
                #expect(answer.status == status, "\(method) \(path)")
                #expect(answer.body?.object?.names == ["message"], "\(method) \(path)")
                #expect((answer.headers[.retryAfter] != nil) == (status == 503))
            }
            let refused = try await ask(client, .get, "canaryConfig")
            #expect(refused.status == 401 && refused.body?.object?.names == ["message"])
            #expect(refused.headers[.wwwAuthenticate] == "Bearer")
            // A page of another site cannot make a browser start one.
            let foreign = try await ask(
                client,
                .post,
                "canaryConfig",
                Self.config,
                headers: [.authorization: "Bearer write", .origin: "https://other.example"]
            )
            #expect(foreign.status == 403 && foreign.body?.object?.names == ["message"])
        }
    }

    @Test func configsAndExecutions() async throws {
        try await TestWebServer().run { client, _ in
            let made = try await ask(client, .post, "canaryConfig", Self.config)
            let id = try #require(made.body?.object?["canaryConfigId"]?.text)
            #expect(made.status == 200)
            let side = #""start": "2026-11-30T06:00:00Z", "end": "2026-11-30T07:00:00Z", "step": 60"#
            let request =
                #"{"scopes": {"default": {"controlScope": {"scope": "a", \#(side)}, "#
                + #""experimentScope": {"scope": "b", \#(side)}}}, "thresholds": {"pass": 95, "marginal": 75}}"#
            let begun = try await ask(client, .post, "canary/\(id)?application=shop", request)
            let execution = try #require(begun.body?.object?["canaryExecutionId"]?.text)
            let adHoc = #"{"canaryConfig": \#(Self.config), "executionRequest": \#(request)}"#
            let another = try await ask(client, .post, "canary", adHoc)
            #expect(another.status == 200)
            let read = try await ask(client, .get, "canary/\(execution)")
            #expect(read.body?.object?["application"]?.text == "shop")
            #expect(read.body?.object?["metricsAccountName"]?.text == "prometheus")
            let listed = try await ask(client, .get, "canary/executions?application=shop")
            #expect(listed.body?.elements?.count == 1)
            let unnamed = try await ask(client, .get, "canary/executions")
            #expect(unnamed.body?.elements?.first?.object?["application"]?.text == "ad-hoc")
            let cancelled = try await ask(client, .put, "pipelines/\(execution)/cancel", #""""#)
            #expect(cancelled.status == 202 && cancelled.body == nil)
            let after = try await ask(client, .get, "canary/\(execution)")
            #expect(after.body?.object?["status"]?.text == "canceled")
            let deleted = try await ask(client, .delete, "canaryConfig/\(id)")
            #expect(deleted.status == 204 && deleted.body == nil)
        }
    }

    @Test func isSwitchedOffUnlessItIsSwitchedOn() async throws {
        var server = TestWebServer()
        server.answersKayenta = false
        try await server.run { client, _ in
            for path in ["canaryConfig", "health", "judges"] {
                let answer = try await ask(client, .get, path)
                #expect(answer.status == 404)
            }
        }
    }
}
