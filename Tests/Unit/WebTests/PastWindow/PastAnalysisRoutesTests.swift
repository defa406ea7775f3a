import Analysis
import Concurrency
import Engine
import Hummingbird
import HummingbirdTesting
import JSON
import Logging
import NIOCore
import Store
import Telemetry
import Testing
import Web

@Suite("Routes of analyses of past windows")
struct PastAnalysisRoutesTests {
    private static let now = Timestamp(milliseconds: 1_772_366_400_000)
    private static let start = now - .seconds(7_200)

    /// A side that is healthy, or not.
    private struct BackEnd: MetricsBackEnd {
        var factor: Double
        var failure: SamplingFailure?

        func series(
            of query: String,
            in window: TimeWindow,
            step: Duration
        ) async throws(SamplingFailure) -> BackEndAnswer {
            if let failure { throw failure }
            let count = window.sampleCount(step: step)
            let level = query.contains("canary") ? 10 * factor : 10
            return BackEndAnswer(series: [(0..<count).map { level + Double($0 % 7) }])
        }
    }

    private func keeper(_ store: any Store, factor: Double = 1, failure: SamplingFailure? = nil) -> PastAnalysisKeeper {
        PastAnalysisKeeper(
            store: store,
            source: BackgroundSource(
                BackEnd(factor: factor, failure: failure),
                pause: .zero,
                isBusy: { false },
                isAway: { false }
            ),
            work: WakeSignal(),
            clock: ManualClock(Self.now),
            metrics: EngineMetrics(MetricRegistry()),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            options: PastAnalysisKeeper.Options(owner: "test")
        )
    }

    private func withServer(
        _ plans: TestPlans = TestPlans(),
        access: WebAccess? = nil,
        _ body: @escaping @Sendable (any TestClientProtocol, SQLiteStore) async throws -> Void
    ) async throws {
        var server = TestWebServer(access: access)
        server.planServices = plans
        server.clock = ManualClock(Self.now)
        try await server.run(body)
    }

    private struct Answer: Sendable {
        var status: HTTPResponse.Status
        var headers: HTTPFields
        var text: String

        var object: JSONObject {
            get throws { try #require(try JSONParser.parse(Array(text.utf8), maximumDepth: 64).object) }
        }

        var problem: String { (try? object["detail"]?.text) ?? "" }
    }

    private func send(
        _ client: any TestClientProtocol,
        _ method: HTTPRequest.Method,
        _ uri: String,
        _ body: String? = nil,
        token: String? = nil
    ) async throws -> Answer {
        var headers: HTTPFields = [:]
        if let token { headers[.authorization] = "Bearer \(token)" }
        return try await client.execute(
            uri: uri,
            method: method,
            headers: headers,
            body: body.map { ByteBuffer(string: $0) }
        ) { Answer(status: $0.status, headers: $0.headers, text: String(buffer: $0.body)) }
    }

    /// What is asked, with members put in or replaced.
    private func body(_ members: String = "", experiment: String? = nil) -> String {
        let sides = experiment ?? #""experiment":{"start":"\#(Self.start)","end":"\#(Self.start + .seconds(300))"}"#
        return #"{"application":"shop","environment":"production","version":"2.0",\#(sides)\#(members)}"#
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

    @Test("It is taken in, made, and then answers as an analysis of a release does")
    func judged() async throws {
        try await withServer { client, store in
            let taken = try await send(client, .post, "/v1/analyses", body())
            #expect(taken.status == .accepted)
            let location = try #require(taken.headers[.location])
            let waiting = try #require(try taken.object["analysis"]?.object)
            #expect(location == "/v1/analyses/\(waiting["id"]?.text ?? "")")
            #expect(waiting["state"]?.text == "waiting" && waiting["adHoc"]?.boolean == true)
            let early = try await send(client, .get, location).object
            #expect(early["analysis"]?.object?["result"] == nil && early["verdicts"]?.elements?.isEmpty == true)
            let page = "/analyses/\(waiting["id"]?.text ?? "")"
            #expect(try await send(client, .get, page).headers[.init("Refresh")!] == "3")
            try await keeper(store, factor: 3).makeNext()
            let answer = try await send(client, .get, "\(location)?wait=30s").object
            let analysis = try #require(answer["analysis"]?.object)
            #expect(analysis["state"]?.text == "finished" && analysis["result"]?.text == "fail")
            #expect(answer["session"]?.object?["result"]?.text == "fail")
            #expect(answer["plan"]?.object?["name"]?.text == "shop")
            let verdicts = answer["verdicts"]?.elements?.compactMap(\.object) ?? []
            #expect(verdicts.last?["kind"]?.text == "final" && verdicts.last?["result"]?.text == "fail")
            #expect(verdicts.last?["metrics"]?.elements?.count == 1)
            #expect(answer["transitions"]?.elements?.isEmpty == false && answer["actions"]?.elements?.isEmpty == true)
            let report = try await send(client, .get, "\(location)/report").object
            #expect(report["form"]?.integer == 1 && report["adHoc"]?.object != nil)
            #expect(report["metrics"]?.elements?.first?.object?["series"]?.object != nil)
            let lean = try await send(client, .get, "\(location)/report?samples=false").object
            #expect(lean["metrics"]?.elements?.first?.object?["series"]?.object == nil)
            // People see what it is before all else, and no address of it is that of a release.
            let html = try await send(client, .get, page)
            #expect(html.status == .ok && html.headers[.init("Refresh")!] == nil)
            #expect(html.text.contains("No gate, controller or feed knows of it"))
            #expect(!html.text.contains("/sessions/past-"))
            #expect(try await status(client, .get, "\(page)/metrics/0") == .ok)
            #expect(try await status(client, .get, "\(page)/metrics/7") == .notFound)
            #expect(try await send(client, .get, "\(page)/samples.csv").text.contains("control"))
            #expect(try await send(client, .get, "/analyses").text.contains("Failed"))
        }
    }

    @Test("It opens no gate, is no verdict on the feed, and no analysis of a release")
    func apart() async throws {
        try await withServer { client, store in
            let body = body(#","planName":"shop""#)
            let id = try #require(
                try await send(client, .post, "/v1/analyses", body).object["analysis"]?.object?["id"]?.text
            )
            try await keeper(store).makeNext()
            let analysis = try await send(client, .get, "/v1/analyses/\(id)").object["analysis"]?.object
            #expect(analysis?["result"]?.text == "pass")
            for question in ["promotion", "rollout"] {
                let gate = try await send(client, .get, "/v1/gate/shop/production/2.0?for=\(question)")
                #expect(gate.status != .ok, "\(question): \(gate.text)")
            }
            #expect(try await status(client, .get, "/v1/sessions/\(id)") == .notFound)
            #expect(try await status(client, .get, "/sessions/\(id)") == .notFound)
            #expect(try await send(client, .get, "/v1/sessions").object["sessions"]?.elements?.isEmpty == true)
            #expect(try await send(client, .get, "/v1/verdicts").object["verdicts"]?.elements?.isEmpty == true)
            #expect(try await status(client, .get, "/a/shop/production/2.0") == .notFound)
            let series = try await send(client, .get, "/v1/releases/metrics").text
            #expect(!series.contains("shop"))
        }
    }

    @Test("An outage is an answer that says so, and is no pass")
    func outage() async throws {
        try await withServer { client, store in
            let location = try #require(try await send(client, .post, "/v1/analyses", body()).headers[.location])
            let away = SamplingFailure(kind: .unreachable, message: "connection refused")
            try await keeper(store, failure: away).makeNext()
            let analysis = try #require(try await send(client, .get, location).object["analysis"]?.object)
            #expect(analysis["status"]?.text == "errored" && analysis["result"]?.text == "inconclusive")
            #expect(analysis["cause"]?.text == "unreachable")
            #expect(analysis["reason"]?.text?.contains("connection refused") == true)
            let page = try await send(client, .get, String(location.dropFirst(3))).text
            #expect(page.contains("Could not be judged") && page.contains("connection refused"))
        }
    }

    @Test("What is wrong is told by the member")
    func refusals() async throws {
        let later = Self.now + .seconds(600)
        let broken = #","plan":"apiVersion: assay.dev/v1\nkind: AnalysisPlan\nname: x\nmetrics:\n  - nme: y\n""#
        func side(_ from: Timestamp, _ to: Timestamp) -> String {
            #""experiment":{"start":"\#(from)","end":"\#(to)"}"#
        }
        let cases: [(body: String, says: String)] = [
            ("", "the body is no JSON"), ("[]", "the body must be an object"), ("{}", "application: is required"),
            (body(#","step":"10s""#), "step: is not known; known are application"),
            (body(experiment: #""experiment":{"start":"\#(Self.start)"}"#), "experiment.end: is required"),
            (body(experiment: #""experiment":{"begin":"x"}"#), "experiment.begin: is not known"),
            (body(experiment: #""experiment":{"start":"yesterday","end":"now"}"#), "experiment.start: \"yesterday\""),
            (body(experiment: side(Self.start, Self.start)), "experiment.end: must be later than experiment.start"),
            (body(experiment: side(Self.now, Self.start)), "experiment.end: must be later"),
            (body(experiment: side(Self.start, later)), "which has not passed yet"),
            (body(experiment: side(later, later + .seconds(60))), "which has not passed yet"),
            (body(experiment: side(Self.start - .seconds(94_608_000), Self.start)), "at most 11000 are judged"),
            (body(experiment: #""deployedAt":"\#(later)""#), "which has not passed yet"),
            (body(#","deployedAt":"\#(Self.start)""#), "deployedAt: give either this or"),
            (body(experiment: #""namespace":"x""#), "deployedAt: is required"),
            (
                body(#","control":{"labels":{"track":"canary"}}"#),
                "both sides have the same labels"
            ),
            (
                body(
                    #","control":{"labels":{"track":"canary"},"start":"\#(Self.start - .seconds(60))","end":"\#(Self.start + .seconds(240))"}"#
                ),
                "the windows overlap"
            ),
            (
                body(#","control":{"start":"\#(Self.start - .seconds(900))","end":"\#(Self.start - .seconds(800))"}"#),
                "as long as the experiment's (5m), and is 1m40s"
            ),
            (body(#","planName":"shopp""#), "There is no plan named \"shopp\""),
            (body(#","planName":"shop","plan":"x""#), "planName: give either this or a plan"),
            (body(broken), "plan:5:5: error: metrics[0]"),
            (body(#","plan":{"apiVersion":"assay.dev/v1","kind":"AnalysisPlan"}"#), "plan"),
            (body(#","weight":101"#), "weight: 101"),
            (
                #"{"application":"other","environment":"e","version":"1","deployedAt":"\#(Self.start)"}"#,
                "No plan matches"
            ),
        ]
        try await withServer { client, store in
            for (body, says) in cases {
                let answer = try await send(client, .post, "/v1/analyses", body)
                #expect(answer.status == .badRequest, "\(body)")
                #expect(answer.problem.contains(says), "\(answer.problem)")
            }
            let large = body(#","namespace":"\#(String(repeating: "a", count: 300_000))""#)
            #expect(try await status(client, .post, "/v1/analyses", large) == .contentTooLarge)
            for query in ["wait=1h", "wait=-1s", "wait=soon", "wait=1s&wait=2s", "limit=1"] {
                let answer = try await send(client, .post, "/v1/analyses?\(query)", body())
                #expect(answer.status == .badRequest, "\(query)")
            }
            for path in ["/v1/analyses?limit=0", "/v1/analyses?phase=finished", "/analyses?x=1"] {
                #expect(try await status(client, .get, path) == .badRequest, "\(path)")
            }
            for path in [
                "/v1/analyses/none", "/v1/analyses/none/report", "/analyses/none", "/v1/analyses/none?wait=30s",
            ] {
                #expect(try await status(client, .get, path) == .notFound, "\(path)")
            }
            #expect(try await store.pastAnalyses(PastAnalysisQuery()).isEmpty)
        }
    }

    @Test("Plans of callers are taken where those of events are")
    func inlinePlans() async throws {
        let plan = JSONValue.string(TestPlans.plan("mine")).jsonBytes
        let body = body(#","plan":\#(String(decoding: plan, as: UTF8.self))"#)
        try await withServer { client, _ in
            let taken = try await send(client, .post, "/v1/analyses", body)
            #expect(taken.status == .accepted)
            let analysis = try taken.object["analysis"]?.object
            #expect(analysis?["plan"]?.text == "mine" && analysis?["planOrigin"]?.text == "event")
        }
        try await withServer(TestPlans(limits: nil)) { client, _ in
            let refused = try await send(client, .post, "/v1/analyses", body)
            #expect(refused.status == .badRequest && refused.problem.contains("plans.fromEvents"))
        }
    }

    @Test("No more are taken in than wait already, and the caller is told when to come again")
    func full() async throws {
        try await withServer(TestPlans(mostWaiting: 2)) { client, store in
            for _ in 0..<2 { #expect(try await status(client, .post, "/v1/analyses", body()) == .accepted) }
            let refused = try await send(client, .post, "/v1/analyses", body())
            #expect(refused.status == .tooManyRequests && refused.headers[.retryAfter] == "30")
            try await keeper(store).makeNext()
            #expect(try await status(client, .post, "/v1/analyses", body()) == .accepted)
        }
    }

    @Test("Asking needs a token that may write, reading one that may read")
    func tokens() async throws {
        let access = WebAccess(tokens: { ["write-token"] }, readTokens: { ["read-token"] })
        try await withServer(access: access) { client, _ in
            #expect(try await status(client, .post, "/v1/analyses", body()) == .unauthorized)
            #expect(try await status(client, .post, "/v1/analyses", body(), token: "read-token") == .forbidden)
            let taken = try await send(client, .post, "/v1/analyses", body(), token: "write-token")
            #expect(taken.status == .accepted)
            let location = try #require(taken.headers[.location])
            for path in [location, "\(location)/report", "/v1/analyses", "/analyses"] {
                #expect(try await status(client, .get, path) == .unauthorized, "\(path)")
                #expect(try await status(client, .get, path, token: "read-token") == .ok, "\(path)")
            }
        }
    }

    @Test("They are listed, newest first, page by page")
    func list() async throws {
        try await withServer { client, _ in
            for _ in 0..<3 { _ = try await send(client, .post, "/v1/analyses", body()) }
            let first = try await send(client, .get, "/v1/analyses?limit=2&application=shop").object
            #expect(first["analyses"]?.elements?.count == 2)
            let next = try #require(first["next"]?.text)
            let second = try await send(client, .get, "/v1/analyses?limit=2&before=\(next)").object
            #expect(second["analyses"]?.elements?.count == 1 && second["next"] == nil)
            let none = try await send(client, .get, "/v1/analyses?application=other").object
            #expect(none["analyses"]?.elements?.isEmpty == true)
        }
    }
}
