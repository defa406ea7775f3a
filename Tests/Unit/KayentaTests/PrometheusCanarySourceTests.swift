import Analysis
import HTTPTransport
import JSON
import Kayenta
import KayentaFormats
import Prometheus
import Synchronization
import Testing

/// What Prometheus answers, as Kayenta reads it.
@Suite struct PrometheusCanarySourceTests {
    private struct Answering: HTTPExecuting {
        let body: String
        let bodies = Bodies()

        final class Bodies: Sendable {
            let all = Mutex<[String]>([])
        }

        func execute(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
            bodies.all.withLock { $0.append(String(decoding: request.body ?? [], as: UTF8.self)) }
            return HTTPResponse(status: 200, headers: [:], body: Array(body.utf8))
        }
    }

    private let scope = CanaryScope(
        scope: nil,
        location: nil,
        start: Timestamp(milliseconds: 1_435_781_430_781),
        end: Timestamp(milliseconds: 1_435_781_670_781),
        step: 60
    )

    private func answer(_ result: String, more: String = "") -> Answering {
        Answering(body: #"{"status":"success"\#(more),"data":{"resultType":"matrix","result":[\#(result)]}}"#)
    }

    private func series(_ http: Answering) async throws -> [CanarySeries] {
        try await PrometheusCanarySource(PrometheusClient(baseURL: "http://p", http: http)).series(of: "up", for: scope)
    }

    @Test("Samples stay as they are told: gaps are left out, and NaN is a value")
    func samples() async throws {
        let http = answer(
            #"{"metric":{"__name__":"up","pod":"a"},"values":[[1435781430.781,"1"],[1435781550.781,"NaN"],"#
                + #"[1435781610.781,"+Inf"]]}"#
        )
        let found = try await series(http)
        #expect(found.map(\.tags) == [["pod": "a"]])
        #expect(found[0].times.map(\.milliseconds) == [1_435_781_430_781, 1_435_781_550_781, 1_435_781_610_781])
        #expect(found[0].values.count == 3 && found[0].values[1].isNaN && found[0].values[2] == .infinity)
        // The window is not moved onto a grid.
        let asked = http.bodies.all.withLock { $0 }
        #expect(asked.first?.contains("start=1435781430.781&end=1435781670.781&step=60") == true)
        // Both sides of the judge get what there is: the step is a guess from the first two samples.
        let sets = CanaryMetricSet.all(of: found, metric: "m", query: "up", scope: scope)
        #expect(sets[0].json["stepMillis"]?.integer == 120_000)
        #expect(sets[0].json["values"]?.jsonText == #"[1.0,"NaN","Infinity"]"#)
    }

    @Test func nothingIsAPlaceholder() async throws {
        let found = try await series(answer(""))
        #expect(found.isEmpty)
    }

    @Test("What is not whole is no answer")
    func partial() async {
        for more in [#","warnings":["store is away"]"#, #","isPartial":true"#] {
            do {
                _ = try await series(answer("", more: more))
                Issue.record("it was taken")
            } catch {
                #expect((error as? CanarySourceFailure)?.isTransient == true)
            }
        }
    }

    @Test func whatIsNoAnswerIsAFailure() async {
        for body in ["", "<html>", #"{"status":"error","errorType":"timeout","error":"slow"}"#] {
            await #expect(throws: CanarySourceFailure.self) { try await series(Answering(body: body)) }
        }
    }
}
