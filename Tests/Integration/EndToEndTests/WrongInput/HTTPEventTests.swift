import Analysis
import HTTPTransport
import Judging
import Testing

extension EndToEndTests {
    /// `POST /v1/events`, and what the service says of itself over HTTP.
    @Suite("HTTP", .serialized, .timeLimit(.minutes(5)))
    struct HTTPEventTests {
        @Test("Right events are taken in once and judged; wrong ones are refused with the reason")
        func events() async throws {
            try await Bench.run { bench in
                try TestPlan.good.write(to: bench)
                let prometheus = try await PrometheusServer.prepare(bench)
                _ = try await prometheus.start()
                let broker = try await Broker.start(bench)
                let service = try await Service.start(bench, broker, prometheus: prometheus.url)
                try await wrong(service.web)
                try await right(service.web, broker)
                #expect(try await broker.records("canary.deadletter").isEmpty)
            }
        }

        private func wrong(_ web: Web) async throws {
            let structured: HTTPHeaders = ["content-type": "application/cloudevents+json"]
            let good = TestEvent(application: "good")
            func binary(leavingOut name: String) -> HTTPHeaders {
                var headers: HTTPHeaders = ["content-type": "application/json"]
                for attribute in good.attributes where attribute.name != name {
                    headers.append(name: "ce-\(attribute.name)", value: attribute.value)
                }
                return headers
            }
            let cases: [(headers: HTTPHeaders, body: String, status: Int, text: String)] = [
                (structured, "{", 400, ""),
                (["content-type": "application/json"], good.data, 400, "ce-"),
                (binary(leavingOut: "id"), good.data, 400, "id"),
                (binary(leavingOut: ""), #"{"application":"good"}"#, 400, "environment"),
                (structured, good.structured.replacing(".deploy.v1", with: ".other.v1"), 202, "ignored"),
                (structured, String(repeating: "x", count: 300_000), 413, "larger than 262144 bytes"),
            ]
            for (headers, body, status, text) in cases {
                let answer = try await web.post("/v1/events", headers, Array(body.utf8))
                #expect(answer.status == status, "\(answer)")
                #expect(answer.text.contains(text), "\(answer)")
            }
            #expect(try await web.get("/v1/sessions/none").status == 404)
            #expect(try await web.get("/v1/sessions?limit=0").status == 400)
        }

        private func right(_ web: Web, _ broker: Broker) async throws {
            let event = TestEvent(application: "good")
            let headers: HTTPHeaders = ["content-type": "application/cloudevents+json"]
            let first = try await web.post("/v1/events", headers, Array(event.structured.utf8))
            #expect(first.status == 202, "\(first)")
            #expect(first.text.contains("accepted"))
            let again = try await web.post("/v1/events", headers, Array(event.structured.utf8))
            #expect(again.status == 200, "\(again)")
            #expect(again.text.contains("duplicate"))
            try await TopicFollower.follow("canary.verdicts", of: broker) { verdicts in
                let final = try await verdicts.finalVerdict(on: "good")
                #expect(final.result == .pass, "\(final.reason)")
                let report = try await web.get("/v1/sessions/\(final.session)")
                #expect(report.status == 200)
                #expect(report.text.contains(#""kind":"final""#), "\(report)")
                let list = try await web.get("/v1/sessions?application=good")
                #expect(list.text.contains(final.session), "\(list)")
            }
        }
    }
}
