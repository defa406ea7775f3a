import Analysis
import HTTPTransport
import Judging
import Processes
import Testing

extension EndToEndTests {
    /// SIGTERM while a look waits for Prometheus.
    @Suite("Graceful stop", .serialized, .timeLimit(.minutes(5)))
    struct GracefulStopTests {
        static let plan = TestPlan(name: "good", query: "sum(load{${scope}})", lifetime: 8, deadline: 60)

        @Test("What is under way is finished, leases are given back, and the next process goes on")
        func duringLook() async throws {
            try await Bench.run { bench in
                try Self.plan.write(to: bench)
                let prometheus = try await PrometheusServer.prepare(bench)
                let server = try await prometheus.start()
                let broker = try await Broker.start(bench)
                let first = try await Service.start(bench, broker, prometheus: prometheus.url, grace: "200s")
                try await TopicFollower.follow("canary.verdicts", of: broker) { verdicts in
                    try await Kcat(bench: bench, broker: broker).sendBinary(TestEvent(application: "good"))
                    // A Prometheus that stands still answers no query: the next look is caught in the middle.
                    try await Waiting.until("the first look is judged") { !verdicts.verdicts.isEmpty }
                    server.send(signal: 19)
                    try await Lease.held(in: bench.path("store.sqlite"))
                    let stopping = ContinuousClock.now
                    first.process.send(signal: 15)
                    try await Task.sleep(for: .milliseconds(300))
                    server.send(signal: 18)
                    #expect(await first.process.waitUntilExit() == .code(0))
                    // Far less than the 200 s that it may take.
                    #expect(ContinuousClock.now - stopping < .seconds(100))
                    #expect(try await !Lease.isHeld(in: bench.path("store.sqlite")))

                    _ = try await Service.start(bench, broker, prometheus: prometheus.url)
                    let final = try await verdicts.finalVerdict(on: "good")
                    #expect(final.status == .completed)
                    #expect(final.result == .pass, "\(final.reason)")
                    #expect(DemoRecord.repeated(verdicts.verdicts.map(\.id)) == [])
                }
            }
        }

        @Test("A Prometheus that never answers does not keep the process beyond its grace")
        func hangingPrometheus() async throws {
            try await Bench.run { bench in
                try Self.plan.write(to: bench)
                let prometheus = try await PrometheusServer.prepare(bench)
                let server = try await prometheus.start()
                let broker = try await Broker.start(bench)
                let first = try await Service.start(
                    bench,
                    broker,
                    prometheus: prometheus.url,
                    grace: "2s",
                    flags: ["--prometheus-timeout", "200s"]
                )
                try await TopicFollower.follow("canary.verdicts", of: broker) { verdicts in
                    server.send(signal: 19)
                    try await Kcat(bench: bench, broker: broker).sendBinary(TestEvent(application: "good"))
                    try await Lease.held(in: bench.path("store.sqlite"))
                    let stopping = ContinuousClock.now
                    first.process.send(signal: 15)
                    let exit = await first.process.waitUntilExit()
                    // Far less than an answer is waited for otherwise.
                    #expect(ContinuousClock.now - stopping < .seconds(100))
                    #expect(exit == .code(0))
                    server.send(signal: 18)
                    _ = try await Service.start(bench, broker, prometheus: prometheus.url)
                    let final = try await verdicts.finalVerdict(on: "good")
                    #expect(final.result == .pass, "\(final.reason)")
                    #expect(verdicts.verdicts.count { $0.kind == .final } == 1)
                }
            }
        }

        @Test("Told to stop, it first says so, and goes on answering for as long as it is told to")
        func delay() async throws {
            try await Bench.run { bench in
                try Self.plan.write(to: bench)
                let broker = try await Broker.start(bench)
                let service = try await Service.start(
                    bench,
                    broker,
                    prometheus: "http://127.0.0.1:9",
                    flags: ["--shutdown-delay", "1h"]
                )
                service.process.send(signal: 15)
                let stopping = try await Waiting.until("serve says that it stops") {
                    let answer = try await service.web.get("/readyz")
                    return answer.status == 503 ? answer : nil
                }
                #expect(stopping.text.contains(#""stopping":true"#), "\(stopping)")
                #expect(try await service.web.get("/livez").status == 200)
                let headers: HTTPHeaders = ["content-type": "application/cloudevents+json"]
                let event = Array(TestEvent(application: "good").structured.utf8)
                #expect(try await service.web.post("/v1/events", headers, event).status == 202)
                await service.kill()
            }
        }

        @Test("With Kafka down it is ready, takes events in, and stops within its grace; nothing is lost")
        func withoutKafka() async throws {
            try await Bench.run { bench in
                let broker = try await Broker.start(bench)
                let prometheus = "http://127.0.0.1:9"
                broker.process.send(signal: 19)
                let first = try await Service.start(bench, broker, prometheus: prometheus, grace: "2s")
                let ready = try await first.web.get("/readyz")
                #expect(ready.text.contains(#""kafka":{"decides":false,"reason""#), "\(ready)")
                // No plan is for it, so that its verdict is decided at once, and then waits for Kafka.
                let headers: HTTPHeaders = ["content-type": "application/cloudevents+json"]
                let event = Array(TestEvent(application: "nobody").structured.utf8)
                #expect(try await first.web.post("/v1/events", headers, event).status == 202)
                try await Waiting.until("the verdict waits") {
                    try await first.web.get("/metrics").text.contains(#"assay_outbox_messages{sink="verdicts"} 1"#)
                }
                let stopping = ContinuousClock.now
                first.process.send(signal: 15)
                #expect(await first.process.waitUntilExit() == .code(0))
                // Far less than the time for which Kafka is waited for otherwise.
                #expect(ContinuousClock.now - stopping < .seconds(15))

                broker.process.send(signal: 18)
                _ = try await Service.start(bench, broker, prometheus: prometheus)
                try await TopicFollower.follow("canary.verdicts", of: broker) { verdicts in
                    let final = try await verdicts.finalVerdict(on: "nobody")
                    #expect(final.status == .errored)
                }
            }
        }
    }
}
