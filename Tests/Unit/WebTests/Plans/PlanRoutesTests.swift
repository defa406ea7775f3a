import Analysis
import Engine
import Hummingbird
import HummingbirdTesting
import JSON
import NIOCore
import PlanFormats
import Synchronization
import Testing
import Web

@Suite("Routes of plans")
struct PlanRoutesTests {
    private func withServer(
        _ plans: TestPlans = TestPlans(),
        access: WebAccess? = nil,
        _ body: @escaping @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        var server = TestWebServer(access: access)
        server.planServices = plans
        try await server.run { client, _ in try await body(client) }
    }

    private func send(
        _ client: any TestClientProtocol,
        _ method: HTTPRequest.Method,
        _ uri: String,
        _ body: String? = nil,
        token: String? = nil
    ) async throws -> (status: HTTPResponse.Status, headers: HTTPFields, object: JSONObject) {
        var headers: HTTPFields = [:]
        if let token { headers[.authorization] = "Bearer \(token)" }
        return try await client.execute(
            uri: uri,
            method: method,
            headers: headers,
            body: body.map { ByteBuffer(string: $0) }
        ) { response in
            let object = try JSONParser.parse(Array(response.body.readableBytesView), maximumDepth: 64).object
            return (response.status, response.headers, try #require(object))
        }
    }

    private func status(
        _ client: any TestClientProtocol,
        _ method: HTTPRequest.Method,
        _ uri: String,
        _ body: String? = nil,
        token: String? = nil
    ) async throws -> HTTPResponse.Status {
        try await send(client, method, uri, body, token: token).status
    }

    @Test("The plans in use are listed with their files, and what is wrong with these now")
    func list() async throws {
        let text = [TestPlans.plan("one", applications: ["a*"]), TestPlans.plan("two", applications: ["a*"])]
        var plans = TestPlans(text: text.joined(separator: "\n---\n"))
        plans.refused = PlanFileErrors([
            PlanFileError(
                file: "plans/shop.yaml",
                position: FilePosition(line: 7, column: 3),
                field: "judge",
                problem: "there is no such judge"
            )
        ])
        try await withServer(plans) { client in
            let answer = try await send(client, .get, "/v1/plans").object
            let plans = answer["plans"]?.elements?.compactMap(\.object) ?? []
            #expect(plans.map { $0["name"]?.text } == ["one", "two"])
            #expect(plans[0]["file"]?.text == "plans/shop.yaml" && plans[0]["line"]?.integer == 3)
            #expect(plans[0]["match"]?.object?["applications"]?.elements?.compactMap(\.text) == ["a*"])
            #expect(answer["loadedAt"]?.text == "\(TestPlans.loadedAt)")
            let refused = answer["refused"]?.object?["problems"]?.elements?.first?.object
            #expect(refused?["line"]?.integer == 7 && refused?["problem"]?.text == "there is no such judge")
            let tie = answer["ties"]?.object?["problems"]?.elements?.first?.object
            #expect(tie?["problem"]?.text?.contains("as closely as the plan one") == true)
        }
        try await withServer { client in
            let answer = try await send(client, .get, "/v1/plans").object
            #expect(answer["refused"] == nil && answer["ties"] == nil)
        }
    }

    @Test("One plan is shown with what may surprise in it")
    func show() async throws {
        try await withServer { client in
            let answer = try await send(client, .get, "/v1/plans/shop").object
            #expect(answer["entry"]?.object?["name"]?.text == "shop")
            #expect(answer["plan"]?.object?["schedule"]?.object?["warmup"]?.text == "1m")
            #expect(answer["warnings"]?.elements != nil)
            #expect(try await status(client, .get, "/v1/plans/none") == .notFound)
            #expect(try await status(client, .get, "/v1/plans/sh%6Fp") == .ok)
        }
    }

    @Test("A text is checked as the command line checks it, with places")
    func validate() async throws {
        try await withServer { client in
            let good = try await send(client, .post, "/v1/plans/validate", TestPlans.plan("any"))
            #expect(good.status == .ok && good.object["isValid"]?.boolean == true)
            #expect(good.object["plans"]?.elements?.first?.object?["entry"]?.object?["name"]?.text == "any")
            let broken = TestPlans.plan("any").replacing("direction: increase", with: "direction: up")
            let bad = try await send(client, .post, "/v1/plans/validate", broken).object
            #expect(bad["isValid"]?.boolean == false)
            let error = bad["errors"]?.elements?.first?.object
            #expect(error?["field"]?.text == "metrics[0].direction")
            #expect(error?["line"]?.integer == 20 && error?["column"]?.integer != nil)
            let json = #"{"apiVersion":"assay.dev/v1","kind":"AnalysisPlan","name":7}"#
            #expect(try await send(client, .post, "/v1/plans/validate", json).object["isValid"]?.boolean == false)
            #expect(try await send(client, .post, "/v1/plans/validate", "---").object["isValid"]?.boolean == false)
            #expect(try await status(client, .post, "/v1/plans/validate", "") == .badRequest)
            let large = String(repeating: "#", count: 300_000)
            #expect(try await status(client, .post, "/v1/plans/validate", large) == .contentTooLarge)
            try await client.execute(
                uri: "/v1/plans/validate",
                method: .post,
                body: ByteBuffer(bytes: [0xFF, 0xFE, 0x00])
            ) { #expect($0.status == .badRequest) }
        }
    }

    @Test("A plan is tried for a release, by its name or as a text")
    func trial() async throws {
        try await withServer { client in
            let named = try await send(client, .post, "/v1/plans/try", #"{"planName":"shop"}"#)
            #expect(named.status == .ok && named.object["isGood"]?.boolean == true)
            // The plan's match names the application.
            let answer = named.object["answers"]?.elements?.first?.object
            #expect(answer?["metric"]?.text == "shop" && answer?["samples"]?.integer == 60)
            let text = String(decoding: JSONValue.string(TestPlans.plan("mine")).jsonBytes, as: UTF8.self)
            let body = #"{"plan":\#(text),"application":"a","control":{"labels":{"x":"y"}},"weight":10}"#
            #expect(try await send(client, .post, "/v1/plans/try", body).object["plan"]?.text == "mine")
            for body in [
                "", "{}", #"{"planName":"none"}"#, #"{"plan":"x: ["}"#, #"{"planName":"shop","plan":"x"}"#,
                #"{"planName":"shop","weight":200}"#, #"{"planName":"shop","control":{"before":"1h"}}"#,
                #"{"planName":"shop","experiment":{"labels":{"1x":"y"}}}"#, #"{"planName":"shop","other":1}"#,
            ] {
                #expect(try await status(client, .post, "/v1/plans/try", body) == .badRequest, "\(body)")
            }
        }
        try await withServer(TestPlans(limits: nil)) { client in
            let refused = try await send(client, .post, "/v1/plans/try", #"{"plan":"x"}"#)
            #expect(refused.status == .badRequest)
            #expect(refused.object["detail"]?.text?.contains("plans.fromEvents") == true)
        }
    }

    @Test("An outage of the back end is told as one")
    func outage() async throws {
        var plans = TestPlans()
        let healthy = plans.trial
        plans.trial = { plan, release in
            var tried = try await healthy(plan, release)
            tried.outage = "connection refused"
            return tried
        }
        try await withServer(plans) { client in
            let answer = try await send(client, .post, "/v1/plans/try", #"{"planName":"shop"}"#)
            #expect(answer.status == .serviceUnavailable && answer.headers[.retryAfter] == "30")
            #expect(answer.object["detail"]?.text?.contains("connection refused") == true)
        }
    }

    @Test("One plan is tried at a time; who comes meanwhile is told to come again")
    func oneAtATime() async throws {
        let (begun, begin) = AsyncStream<Void>.makeStream()
        let (ended, end) = AsyncStream<Void>.makeStream()
        var plans = TestPlans()
        let healthy = plans.trial
        plans.trial = { plan, release in
            begin.yield()
            for await _ in ended { break }
            return try await healthy(plan, release)
        }
        try await withServer(plans) { client in
            async let first = send(client, .post, "/v1/plans/try", #"{"planName":"shop"}"#)
            for await _ in begun { break }
            let second = try await send(client, .post, "/v1/plans/try", #"{"planName":"shop"}"#)
            #expect(second.status == .tooManyRequests && second.headers[.retryAfter] == "10")
            end.yield()
            let answer = try await first
            #expect(answer.status == .ok)
            end.yield()
            #expect(try await status(client, .post, "/v1/plans/try", #"{"planName":"shop"}"#) == .ok)
        }
    }

    @Test("Checking and trying need a token that may write")
    func tokens() async throws {
        let access = WebAccess(tokens: { ["write-token"] }, readTokens: { ["read-token"] })
        try await withServer(access: access) { client in
            for path in ["/v1/plans/validate", "/v1/plans/try"] {
                let body = #"{"planName":"shop"}"#
                let none = try await status(client, .post, path, body)
                let reader = try await status(client, .post, path, body, token: "read-token")
                let writer = try await status(client, .post, path, body, token: "write-token")
                #expect([none, reader, writer] == [.unauthorized, .forbidden, .ok], "\(path)")
            }
            for path in ["/v1/plans", "/v1/plans/shop"] {
                let none = try await status(client, .get, path)
                let reader = try await status(client, .get, path, token: "read-token")
                #expect([none, reader] == [.unauthorized, .ok], "\(path)")
            }
        }
    }
}
