import Analysis
import Demo
import Judging
import Testing

extension EndToEndTests {
    /// SIGTERM while a look waits for Prometheus.
    @Suite("Graceful stop", .serialized, .timeLimit(.minutes(2)))
    struct GracefulStopTests {
        static let plan = TestPlan(name: "good", query: "sum(load{${scope}})", lifetime: 8, deadline: 60)

        @Test("What is under way is finished, leases are given back, and the next process goes on")
        func duringLook() async throws {
            try await Bench.run { bench in
                try Self.plan.write(to: bench)
                let prometheus = try await PrometheusServer.prepare(bench)
                let server = try await prometheus.start()
                let broker = try await Broker.start(bench)
                let first = try await Service.start(bench, broker, prometheus: prometheus.url)
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
                    // Far less than the ten seconds that it may take.
                    #expect(ContinuousClock.now - stopping < .seconds(9))
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
                let first = try await Service.start(bench, broker, prometheus: prometheus.url, grace: "2s")
                try await TopicFollower.follow("canary.verdicts", of: broker) { verdicts in
                    server.send(signal: 19)
                    try await Kcat(bench: bench, broker: broker).sendBinary(TestEvent(application: "good"))
                    try await Lease.held(in: bench.path("store.sqlite"))
                    let stopping = ContinuousClock.now
                    first.process.send(signal: 15)
                    let exit = await first.process.waitUntilExit()
                    #expect(ContinuousClock.now - stopping < .seconds(8))
                    #expect(exit == .code(0))
                    server.send(signal: 18)
                    _ = try await Service.start(bench, broker, prometheus: prometheus.url)
                    let final = try await verdicts.finalVerdict(on: "good")
                    #expect(final.result == .pass, "\(final.reason)")
                    #expect(verdicts.verdicts.count { $0.kind == .final } == 1)
                }
            }
        }
    }
}
