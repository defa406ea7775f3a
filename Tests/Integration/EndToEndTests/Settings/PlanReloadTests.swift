import Foundation
import HTTPTestServer
import HTTPTransport
import Processes
import Testing

extension EndToEndTests {
    /// Plan files that change while the service runs.
    @Suite("Plan reload", .serialized, .timeLimit(.minutes(5)))
    struct PlanReloadTests {
        @Test("A mount's new plans are taken over as a whole, for analyses that begin afterwards")
        func reload() async throws {
            try await Bench.run { bench in
                let folder = URL(fileURLWithPath: bench.path("plans"))
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                let first = TestPlan(name: "first", query: "sum(load{${scope}})", lifetime: 3600).yaml
                let second = TestPlan(name: "second", query: "sum(load{${scope}})", lifetime: 3600).yaml
                try ConfigMapMount.write(["first.yaml": first], into: folder, version: 1)
                let broker = try await Broker.start(bench)
                let service = try await Service.start(
                    bench,
                    broker,
                    prometheus: "http://127.0.0.1:1",
                    flags: ["--plans-reload", "1s"]
                )
                let web = service.web
                try await has(web, ["assay_plans 1", #"assay_plan_reloads_total{outcome="failed"} 0"#])
                try await post(TestEvent(application: "first"), web)
                try await shows(web, "first", "\"1.0.0\"")
                try await post(TestEvent(application: "second"), web)
                try await shows(web, "second", "no plan")

                let broken = second.replacing("schedule:", with: "shedule:")
                try ConfigMapMount.write(["first.yaml": first, "second.yaml": broken], into: folder, version: 2)
                service.process.send(signal: SIGHUP)
                // Signal and timer may both come before the next change: the plans can be refused more than once.
                try await has(web, ["assay_plans 1", "assay_plans_refused 1"])
                let metrics = try await web.get("/metrics").text
                #expect(!metrics.contains(#"assay_plan_reloads_total{outcome="failed"} 0"#), "\(metrics)")
                #expect(bench.logs.contains("second.yaml:9:1: error: shedule: is not a known key"), "\(bench.logs)")

                try ConfigMapMount.write(["second.yaml": second], into: folder, version: 3)
                try await has(
                    web,
                    ["assay_plans 1", "assay_plans_refused 0", #"assay_plan_reloads_total{outcome="loaded"} 1"#]
                )
                try await post(TestEvent(application: "second", version: "2.0.0"), web)
                try await shows(web, "second", "\"2.0.0\"")
                let sessions = try await web.get("/v1/sessions?application=second&version=2.0.0")
                #expect(!sessions.text.contains("no plan"), "\(sessions)")
                // The analysis that began with the removed plan goes on.
                let running = try await web.get("/v1/sessions?application=first")
                #expect(!running.text.contains("no plan"), "\(running)")
            }
        }

        private func post(_ event: TestEvent, _ web: Web) async throws {
            let type: HTTPHeaders = ["content-type": "application/cloudevents+json"]
            let answer = try await web.post("/v1/events", type, Array(event.structured.utf8))
            #expect(answer.status == 202, "\(answer)")
        }

        private func shows(_ web: Web, _ application: String, _ text: String) async throws {
            try await Waiting.until("there is an analysis of \(application) with \(text)") {
                try await web.get("/v1/sessions?application=\(application)").text.contains(text)
            }
        }

        private func has(_ web: Web, _ metrics: [String]) async throws {
            try await Waiting.until("there are the metrics \(metrics)") {
                let lines = try await web.get("/metrics").text.split(separator: "\n").map(String.init)
                return metrics.allSatisfy(lines.contains)
            }
        }
    }
}
