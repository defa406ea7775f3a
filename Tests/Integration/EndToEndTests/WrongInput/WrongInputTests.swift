import Analysis
import HTTPTransport
import Judging
import Processes
import Testing

extension EndToEndTests {
    /// Whatever is wrong with what comes in has one clear answer, and what comes after it is judged.
    @Suite("Wrong input", .serialized, .timeLimit(.minutes(5)))
    struct WrongInputTests {
        static let plans = [
            TestPlan.good,
            // A function that Prometheus 2.42 does not know yet: what is no PromQL at all is refused with the plan.
            TestPlan(name: "syntax", query: "sum(limitk(1, load{${scope}}))"),
            TestPlan(name: "empty", query: "sum(nothing{${scope}})"),
            TestPlan(name: "nan", query: "sum(zero{${scope}}) / sum(zero{${scope}})"),
            TestPlan(name: "several", query: "load{${scope}}"),
            .slow,
        ]

        @Test("Events, plans, queries and outages that go wrong; then a good event")
        func wrongThenGood() async throws {
            try await Bench.run { bench in
                for plan in Self.plans { try plan.write(to: bench) }
                let prometheus = try await PrometheusServer.prepare(bench)
                let broker = try await Broker.start(bench)
                let service = try await Service.start(
                    bench,
                    broker,
                    prometheus: prometheus.url,
                    flags: ["--plans-from-events", "true"]
                )
                let kcat = Kcat(bench: bench, broker: broker)
                try await TopicFollower.follow("canary.deadletter", of: broker) { letters in
                    try await UnreadableRecords(kcat: kcat, letters: letters).check()
                }
                try await TopicFollower.follow("canary.verdicts", of: broker) { verdicts in
                    try await outage(kcat, verdicts, prometheus)
                    try await UnusablePlans(kcat: kcat, verdicts: verdicts).check()
                    try await good(kcat, verdicts)
                    try await externalClient(kcat)
                }
                #expect(service.process.exit == nil)
                #expect(try await service.web.get("/readyz").status == 200)
                try await metrics(service)
            }
        }

        /// Prometheus is away: that is said, and waited for.
        private func outage(_ kcat: Kcat, _ verdicts: TopicFollower, _ prometheus: PrometheusServer) async throws {
            try await kcat.sendStructured(TestEvent(application: "good", version: "0.9.0"))
            let held = try await Waiting.until("the analysis waits for Prometheus") {
                verdicts.verdicts(on: "good", "0.9.0").first { $0.hold != nil }
            }
            #expect(held.kind == .interim)
            #expect(held.result == .inconclusive)
            #expect(held.hold?.cause == .unreachable)
            #expect(held.reason.hasPrefix("waiting: load, "), "\(held.reason)")
            _ = try await prometheus.start()
            let final = try await verdicts.finalVerdict(on: "good", "0.9.0")
            #expect(final.status == .completed)
            #expect(final.result == .pass, "\(final.reason)")
        }

        private func good(_ kcat: Kcat, _ verdicts: TopicFollower) async throws {
            try await kcat.sendBinary(TestEvent(application: "good", version: "1.0.0"))
            let final = try await verdicts.finalVerdict(on: "good", "1.0.0")
            #expect(final.status == .completed)
            #expect(final.result == .pass, "\(final.reason)")
            #expect(verdicts.verdicts(on: "good", "1.0.0").count { $0.kind == .final } == 1)
        }

        /// Another program finds the verdict by its headers and reads its data as plain JSON.
        private func externalClient(_ kcat: Kcat) async throws {
            let lines = try await kcat.read("canary.verdicts", format: "%k %h %s")
            let final = try #require(lines.last { $0.contains(#""version":"1.0.0""#) && $0.hasPrefix("good ") })
            for part in [
                "ce_specversion=1.0", "ce_type=dev.assay.verdict.v1", "ce_source=/assay", "/final",
                "content-type=application/json", #""result":"pass""#, #""kind":"final""#,
            ] {
                #expect(final.contains(part), "\(part) is not in \(final.prefix(1000))")
            }
        }

        private func metrics(_ service: Service) async throws {
            let text = try await service.web.get("/metrics").text
            let malformed = text.split(separator: "\n").first {
                $0.hasPrefix("assay_deploy_events_total{way=\"kafka\"") && $0.contains("malformed")
            }
            #expect(malformed?.hasSuffix(" \(UnreadableRecords.count)") == true, "\(malformed ?? "")")
        }
    }
}
