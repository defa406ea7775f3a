import HTTPTestServer
import HTTPTransport
import Prometheus
import Testing

@Suite struct PrometheusClientTests {
    static let empty = #"{"status":"success","data":{"resultType":"matrix","result":[]}}"#

    static func failure(
        _ http: any HTTPExecuting,
        _ query: String = "up",
        options: PrometheusClient.Options = .init()
    ) async -> PrometheusError? {
        var options = options
        // By one method, so that messages name one.
        if options.method == .auto { options.method = .post }
        do throws(PrometheusError) {
            _ = try await PrometheusClient(baseURL: "http://p", http: http, options: options)
                .rangeQuery(query, start: 0, end: 60_000, step: 15_000)
            return nil
        } catch {
            return error
        }
    }

    @Test func asksByForm() async throws {
        let stub = StubExecutor(status: 200, body: Self.empty)
        var options = PrometheusClient.Options()
        options.extraParameters = [("dedup", "true"), ("extra_filters[]", "{a=\"b\"}")]
        let client = PrometheusClient(baseURL: "https://p/select/0/prometheus//", http: stub, options: options)
        let result = try await client.rangeQuery(
            "a{b=\"c&d+ e\"}",
            start: 1_435_781_430_781,
            end: 1_435_781_461_000,
            step: 500
        )
        #expect(result.grid.count == 61)
        let request = try #require(stub.requests.first)
        #expect(request.method == .post)
        #expect(request.url == "https://p/select/0/prometheus/api/v1/query_range")
        #expect(request.isIdempotent)
        #expect(request.headers["content-type"] == "application/x-www-form-urlencoded")
        #expect(
            String(decoding: request.body ?? [], as: UTF8.self)
                == "query=a%7Bb%3D%22c%26d%2B%20e%22%7D&start=1435781430.781&end=1435781460.781&step=0.5&timeout=30"
                + "&dedup=true&extra_filters%5B%5D=%7Ba%3D%22b%22%7D"
        )
    }

    @Test(arguments: [
        (400, PrometheusError.Code.unreachable), (422, .unreachable), (413, .unreachable), (418, .unreachable),
        (401, .unauthorized), (407, .unauthorized), (403, .unauthorized), (302, .unauthorized), (307, .unauthorized),
        (404, .notFound), (405, .notFound), (410, .notFound), (501, .notFound), (408, .overloaded), (429, .overloaded),
        (503, .overloaded), (504, .overloaded), (499, .overloaded), (500, .unreachable), (502, .unreachable),
    ])
    func statuses(status: Int, code: PrometheusError.Code) async throws {
        // The body's error type says something else on purpose.
        let body = #"{"status":"error","errorType":"internal","error":"1:3: parse\nerror\u0000here."}"#
        let error = try #require(await Self.failure(StubExecutor(status: status, body: body)))
        #expect(error.code == code)
        #expect(error.status == status)
        if !(300..<400).contains(status) { #expect(error.message.contains("1:3: parse error here")) }
        #expect(error.message.hasSuffix("."))
        #expect(error.message.contains("status \(status) to POST"))
        #expect(error.query == "up")
    }

    @Test(arguments: [
        (400, "bad_data", "invalid parameter \"query\": 1:4: parse error", PrometheusError.Code.badQuery),
        (422, "bad_data", "invalid expression type", .badQuery), (400, "bad_data", "", .badQuery),
        // Not Prometheus' own: it tells bad data with 400 or 422 only.
        (500, "bad_data", "e", .unreachable), (503, "bad_data", "e", .overloaded), (200, "bad_data", "e", .unreachable),
        // A form that was lost on its way, and a setting that the back end does not understand.
        (400, "bad_data", "invalid parameter \"start\": cannot parse \"\" to a valid timestamp", .misconfigured),
        (400, "bad_data", "invalid parameter 'dedup': must be a boolean", .misconfigured),
        (400, "bad_data", "error parsing form values: unexpected EOF", .misconfigured),
        (
            422, "execution", "expanding series: proxy Series(): rpc error: code = Unavailable desc = store is away",
            .evaluationFailed
        ),
        (422, "execution", "no store matched for this query", .evaluationFailed),
        (422, "execution", "found duplicate series: many-to-many matching not allowed", .evaluationFailed),
        (
            422, "execution", "multiple matches for labels: grouping labels must ensure unique matches",
            .evaluationFailed
        ),
        (
            422, "execution", "query processing would load too many samples into memory in query execution",
            .overloaded
        ),
        (500, "execution", "e", .evaluationFailed), (503, "timeout", "e", .overloaded),
        (499, "canceled", "e", .overloaded),
        (500, "internal", "e", .unreachable), (503, "unavailable", "e", .overloaded),
        (404, "not_found", "e", .notFound),
        (429, "too_many_requests", "e", .overloaded), (200, "execution", "e", .unreachable),
        (200, "timeout", "e", .overloaded), (200, "x", "e", .unreachable),
        (422, "422", "VictoriaMetrics", .unreachable),
    ])
    func prometheusForm(status: Int, type: String, detail: String, code: PrometheusError.Code) async throws {
        let body = PrometheusAnswers.error(type, detail)
        let error = try #require(await Self.failure(StubExecutor(status: status, body: body)))
        #expect(error.code == code)
        #expect(detail.isEmpty || error.message.contains(detail.prefix(20)), "\(error)")
    }

    @Test(arguments: [
        #"{"status":"error","error":"no type"}"#, #"{"status":"error","errorType":"","error":"empty"}"#,
        #"{"errorType":"bad_data","error":"no status"}"#, #"{"status":"success","errorType":"bad_data"}"#,
        #"{"status":"error","errorType":7}"#, #"{"message":"bad_data","errorType":null}"#, #"["bad_data"]"#, "bad_data",
        "",
        "<html><body>bad_data</body></html>", #"{"status":"error","errorType":"bad_data","error":"cut off"#,
    ])
    func onlyPrometheusRefusesAQuery(body: String) async throws {
        for status in [400, 422] {
            let error = try #require(await Self.failure(StubExecutor(status: status, body: body)))
            #expect(error.code == .unreachable, "\(body)")
        }
    }

    @Test(arguments: [
        ("", "The back end failed to answer (status 500 to POST)."),
        (
            "<html><head><title>502 Bad\n Gateway</title><style>x{}</style></head><body>secret</body></html>",
            "The back end failed to answer (status 500 to POST): 502 Bad Gateway."
        ),
        ("<h1>Sorry</h1><script>var x = 1</script><p>We&#39;ll be &amp; back", "… Sorry We'll be & back."),
        ("<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "… AccessDenied."),
        ("{", "… {."), (#"{"message":"upstream"}"#, #"… {"message":"upstream"}."#), ("no\nbackends", "… no backends."),
        (#"{"error":"\#(String(repeating: "y", count: 5000))"}"#, "… \(String(repeating: "y", count: 300))…."),
        (
            "you sent Authorization: Bearer hunter2hunter2, really",
            "… you sent Authorization: Bearer <redacted>, really."
        ),
        ("header X-Scope: tenant-7-key is not known", "… header X-Scope: <redacted> is not known."),
    ])
    func words(body: String, message: String) async {
        var options = PrometheusClient.Options()
        options.secrets = { ["tenant-7-key", "xy"] }
        let stub = StubExecutor(status: 500, body: body)
        let expected = message.replacing(
            "… ",
            with: "The back end failed to answer (status 500 to POST): ",
            maxReplacements: 1
        )
        #expect(await Self.failure(stub, options: options)?.message == expected)
    }

    @Test func aRedirectNamesWhereItLeads() async {
        let stub = StubExecutor(status: 302, headers: ["Location": "https://user:pw@login.example/sso?next=secret"])
        let message = await Self.failure(stub)?.message
        #expect(
            message?.contains("redirect to https://login.example/sso (status 302 to POST)") == true,
            "\(message ?? "")"
        )
    }

    @Test(arguments: [
        (
            "<!doctype html><html><title>Sign in · Corp</title>", PrometheusError.Code.notPrometheus,
            "The answer is a web page titled \"Sign in · Corp\", not Prometheus' API: is there a login in front?"
        ),
        (
            "\u{FEFF}\n <HTML><body>Please log in", .notPrometheus,
            "The answer is a web page that says \"Please log in\", not Prometheus' API: is there a login in front?"
        ),
        ("OK", .malformedResponse, "The answer is not the answer to a range query: it begins with \"OK\"."),
        ("", .malformedResponse, "The answer is not the answer to a range query: it is empty."),
        ("{}", .malformedResponse, "The answer is not the answer to a range query: its status is missing."),
    ])
    func foreignAnswers(body: String, code: PrometheusError.Code, message: String) async {
        let error = await Self.failure(StubExecutor(status: 200, headers: ["Content-Type": "text/html"], body: body))
        #expect(error?.code == code)
        #expect(error?.message == message)
    }

    @Test(arguments: [
        (HTTPError.Code.unreachable, PrometheusError.Code.unreachable), (.timedOut, .overloaded),
        (.overloaded, .overloaded),
        (.tls, .unreachable), (.responseTooLarge, .responseTooLarge), (.cancelled, .cancelled),
        (.invalidURL, .misconfigured),
        (.credentials, .misconfigured), (.protocolError, .malformedResponse), (.closed, .unreachable),
    ])
    func failuresOfTransport(from: HTTPError.Code, to: PrometheusError.Code) async {
        #expect(await Self.failure(StubExecutor { _ in .failure(HTTPError(from, "m")) })?.code == to)
    }

    @Test func boundsAreCheckedBeforeAsking() async throws {
        let stub = StubExecutor(status: 200, body: Self.empty)
        let client = PrometheusClient(baseURL: "http://p", http: stub)
        for (start, end, step, code) in [
            (0, 11_000, 1, PrometheusError.Code.tooManyPoints), (0, .max, 1, .badQuery), (10, 0, 1, .badQuery),
            (0, 10, 0, .badQuery),
        ] as [(Int64, Int64, Int64, PrometheusError.Code)] {
            let error = await #expect(throws: PrometheusError.self) {
                try await client.rangeQuery("up", start: start, end: end, step: step)
            }
            #expect(error?.code == code)
        }
        #expect(await Self.failure(stub, String(repeating: "x", count: 70_000))?.code == .badQuery)
        #expect(stub.requests.isEmpty)
    }

    @Test func aProbeSaysWhatItFound() async throws {
        let stub = StubExecutor { request in
            let body =
                request.url.hasSuffix("/buildinfo")
                ? #"{"status":"success","data":{"revision":"x","version":"2.42.0"}}"#
                : #"{"status":"success","data":{}}"#
            return .success(HTTPResponse(status: 200, body: Array(body.utf8)))
        }
        let found = try await PrometheusClient(baseURL: "http://p/", http: stub).probe()
        #expect(found.version == "2.42.0")
        #expect(stub.requests.map(\.url) == ["http://p/api/v1/query", "http://p/api/v1/status/buildinfo"])
    }

    @Test(arguments: [
        (200, "{}", PrometheusError.Code.malformedResponse), (200, "<html><title>Login</title>", .notPrometheus),
        (404, "not here", .notFound), (503, "", .overloaded), (401, "", .unauthorized),
        (200, PrometheusAnswers.error("internal", "no"), .unreachable),
    ])
    func aProbeOfSomethingElseFails(status: Int, body: String, code: PrometheusError.Code) async {
        let client = PrometheusClient(baseURL: "http://p", http: StubExecutor(status: status, body: body))
        await #expect(throws: PrometheusError.self) { try await client.probe() }
        do throws(PrometheusError) { _ = try await client.probe() } catch { #expect(error.code == code) }
    }
}
