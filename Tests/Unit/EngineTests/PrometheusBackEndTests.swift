import Analysis
import Engine
import HTTPTestServer
import HTTPTransport
import Prometheus
import Testing

/// What a back end answers, and whether the analysis waits for it or ends.
@Suite struct PrometheusBackEndTests {
    private static func failure(_ answer: Result<HTTPResponse, HTTPError>) async -> SamplingFailure? {
        let client = PrometheusClient(baseURL: "http://p", http: StubExecutor { _ in answer })
        let window = TimeWindow(start: EngineHarness.start, end: EngineHarness.start + .seconds(60))
        do throws(SamplingFailure) {
            _ = try await PrometheusBackEnd(client).series(of: "up", in: window, step: .seconds(15))
            return nil
        } catch { return error }
    }

    private static func failure(_ status: Int, _ body: String) async -> SamplingFailure? {
        await failure(.success(HTTPResponse(status: status, body: Array(body.utf8))))
    }

    /// Whatever the status and the words: an outage never ends an analysis.
    @Test(arguments: [
        "", "upstream is away", PrometheusAnswers.login, #"{"message":"no"}"#, "[]",
        PrometheusAnswers.error("execution", "expanding series: rpc error"),
        PrometheusAnswers.error("timeout", "t"), PrometheusAnswers.error("internal", "i"),
        PrometheusAnswers.error("unavailable", "u"), PrometheusAnswers.error("bad_response", "b"),
        PrometheusAnswers.error("bad_data", #"invalid parameter "start": cannot parse "" to a valid timestamp"#),
    ])
    func whatIsNotPrometheusRefusalIsWaitedFor(body: String) async {
        for status in [200, 204, 301, 302, 307] + Array(400...431) + [451, 499] + Array(500...511) {
            let failure = await Self.failure(status, body)
            #expect(failure?.holdCause != nil, "\(status): \(failure?.message ?? "judged")")
        }
    }

    @Test(arguments: [200, 401, 403, 404, 500, 503])
    func badDataCountsWithItsOwnStatusOnly(status: Int) async {
        #expect(await Self.failure(status, PrometheusAnswers.error("bad_data", "parse error"))?.holdCause != nil)
    }

    @Test(arguments: [
        (400, PrometheusAnswers.error("bad_data", "parse error"), SamplingFailure.Kind.badQuery),
        (422, PrometheusAnswers.error("bad_data", "parse error"), .badQuery),
        (200, PrometheusAnswers.matrix(#"{"metric":{},"histograms":[[1,{"count":"1"}]]}"#), .badQuery),
    ])
    func whatWaitingCannotMendEnds(status: Int, body: String, kind: SamplingFailure.Kind) async {
        let failure = await Self.failure(status, body)
        #expect(failure?.kind == kind)
        #expect(failure?.holdCause == nil)
    }

    /// A proxy's endless page is no answer of Prometheus either.
    @Test(arguments: [
        HTTPError.Code.unreachable, .timedOut, .tls, .responseTooLarge, .protocolError, .credentials, .overloaded,
        .closed,
        .cancelled, .invalidURL,
    ])
    func failuresOfTheTransportAreWaitedFor(code: HTTPError.Code) async {
        #expect(await Self.failure(.failure(HTTPError(code, "m")))?.holdCause != nil)
    }

    @Test func whatTheAnswerSaysReachesTheLook() async throws {
        let body =
            #"{"status":"success","infos":["i"],"data":{"resultType":"matrix","result":["#
            + #"{"metric":{"pod":"a"},"values":[[1772359216,"1"],[1,"2"]]}]}}"#
        let stub = StubExecutor(status: 200, body: body)
        let window = TimeWindow(start: EngineHarness.start, end: EngineHarness.start + .seconds(60))
        let answer = try await PrometheusBackEnd(PrometheusClient(baseURL: "http://p", http: stub))
            .series(of: "up", in: window, step: .seconds(15))
        #expect(answer.names == [#"{pod="a"}"#])
        #expect(answer.infos == ["i"])
        #expect([answer.movedCount, answer.ignoredCount] == [1, 1])
    }
}
