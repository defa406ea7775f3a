import HTTPTestServer
import HTTPTransport
import Prometheus
import Testing

@Suite struct PrometheusClientTests {
    static let empty = #"{"status":"success","data":{"resultType":"matrix","result":[]}}"#

    static func failure(_ http: any HTTPExecuting, _ query: String = "up") async -> PrometheusError? {
        do throws(PrometheusError) {
            _ = try await PrometheusClient(baseURL: "http://p", http: http)
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
        (400, PrometheusError.Code.badQuery, false), (422, .badQuery, false), (413, .badQuery, false),
        (401, .unauthorized, false), (403, .unauthorized, false), (302, .unauthorized, false), (404, .notFound, false),
        (405, .notFound, false), (408, .overloaded, true), (429, .overloaded, true), (503, .overloaded, true),
        (504, .overloaded, true), (499, .overloaded, true), (500, .unreachable, true), (502, .unreachable, true),
    ])
    func statuses(status: Int, code: PrometheusError.Code, isTransient: Bool) async throws {
        // The body's error type says something else on purpose.
        let body = #"{"status":"error","errorType":"internal","error":"1:3: parse\nerror\u0000here."}"#
        let error = try #require(await Self.failure(StubExecutor(status: status, body: body)))
        #expect(error.code == code)
        #expect(error.isTransient == isTransient)
        if status != 302 { #expect(error.message.contains("1:3: parse error here")) }
        #expect(error.message.hasSuffix("."))
        #expect(error.query == "up")
    }

    @Test(arguments: [
        ("", "Prometheus failed to answer (status 500)."),
        ("<html>secret</html>", "Prometheus failed to answer (status 500)."),
        ("{", "Prometheus failed to answer (status 500)."),
        ("no\nbackends", "Prometheus failed to answer (status 500): no backends."),
        (
            #"{"error":"\#(String(repeating: "y", count: 5000))"}"#,
            "Prometheus failed to answer (status 500): \(String(repeating: "y", count: 300))…."
        ),
    ])
    func words(body: String, message: String) async {
        #expect(await Self.failure(StubExecutor(status: 500, body: body))?.message == message)
    }

    @Test(arguments: [
        ("bad_data", PrometheusError.Code.badQuery), ("execution", .badQuery), ("timeout", .overloaded),
        ("x", .unreachable),
    ])
    func errorsWithStatus200(type: String, code: PrometheusError.Code) async {
        let body = #"{"status":"error","errorType":"\#(type)","error":"e"}"#
        #expect(await Self.failure(StubExecutor(status: 200, body: body))?.code == code)
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

    @Test(arguments: [(200, 500, true), (503, 200, false), (404, 200, true), (404, 500, false), (405, 200, true)])
    func readiness(page: Int, query: Int, isReady: Bool) async {
        let stub = StubExecutor { request in
            .success(HTTPResponse(status: request.url.hasSuffix("/-/ready") ? page : query))
        }
        #expect(await PrometheusClient(baseURL: "http://p/", http: stub).isReady() == isReady)
    }

    @Test func describesTheMetric() {
        let error = PrometheusError(.badQuery, "No.", query: "a\nb").forMetric("latency")
        #expect("\(error)" == "Metric \"latency\": No.")
        #expect(error.query == "a b")
    }
}
