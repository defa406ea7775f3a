import Foundation
import Processes
import Testing

extension CommandEndToEndTests {
    /// `assay analyse`, against a real Prometheus.
    @Suite("Past windows", .serialized, .timeLimit(.minutes(5)))
    struct PastWindowCommandTests {
        @Test("The same release comes to the same afterwards, and nothing acts on it")
        func asLive() async throws {
            try await Bench.run { bench in
                for plan in [TestPlan.good, .slow] { try plan.write(to: bench) }
                let prometheus = try await PrometheusServer.prepare(bench)
                let server = try await prometheus.start()
                let token = try bench.write("a-token-of-the-service", to: "token")
                let reader = try bench.write("a-token-for-readers-only", to: "read-token")
                let service = try await Service.start(
                    bench,
                    nil,
                    prometheus: prometheus.url,
                    flags: ["--web-token-file", token, "--web-read-token-file", reader]
                )
                let writing = ["--assay-url", service.web.url, "--assay-token-file", token]
                let reading = ["--assay-url", service.web.url, "--assay-token-file", reader]
                for (application, code, word) in [("good", 0, "✓ Passed"), ("slow", 1, "✗ Failed")] {
                    let release = ["--application", application, "--environment", "test", "--release-version", "1"]
                    let live = try await bench.assay(["emit", "--timeout", "120s", "--wait"] + release + writing)
                    #expect(live.code == Int32(code), "\(live)")
                    let shown = try await bench.assay(["show", application, "test", "1", "--output", "json"] + reading)
                    let deployed = try #require(shown.output.firstMatch(of: /"name":"deployed","value":"([^"]+)"/)).1
                    // A live analysis may end before its last look; until then the window has not passed.
                    let past = try await Waiting.until("the window has passed") {
                        let past = try await bench.assay(
                            ["analyse", "--deployed-at", String(deployed)] + release + writing
                        )
                        return past.errors.contains("has not passed yet") ? nil : past
                    }
                    #expect(past.code == Int32(code) && past.output.hasPrefix(word), "\(past)")
                    #expect(past.output.contains("No gate, controller or feed knows of it"), "\(past)")
                    let headline = try #require(shown.output.firstMatch(of: /"headline":"([^"]+)"/)).1
                    #expect(past.output.contains(headline), "\(past) is not \(headline)")
                }
                // A version that was never deployed.
                let never = ["--application", "good", "--environment", "test", "--release-version", "9"]
                let now = Date()
                func time(_ seconds: Double) -> String { (now + seconds).formatted(.iso8601) }
                let window = ["--from", time(-60), "--to", time(-30)]
                let earlier = ["--control-from", time(-180), "--control-to", time(-150)]
                let passed = try await bench.assay(
                    ["analyse", "--output", "json"] + never + window + earlier + writing
                )
                #expect(passed.code == 0 && passed.output.contains(#""adHoc":{"#), "\(passed)")
                let none = try await bench.assay(["show", "good", "test", "9"] + reading)
                #expect(none.code == 3 && none.errors.contains("there is no analysis of good 9"), "\(none)")
                try await wrong(bench, never, window, time(60), writing, reading)

                server.send(signal: 9)
                _ = await server.waitUntilExit()
                let outage = try await bench.assay(["analyse"] + never + window + writing)
                #expect(outage.code == 2 && outage.output.hasPrefix("! Could not be judged"), "\(outage)")
            }
        }

        private func wrong(
            _ bench: Bench,
            _ release: [String],
            _ window: [String],
            _ later: String,
            _ writing: [String],
            _ reading: [String]
        ) async throws {
            for (arguments, text) in [
                (release + writing, "give either --deployed-at, or --from and --to"),
                (release + ["--from", "yesterday", "--to", later] + writing, "--from: \"yesterday\" is not"),
                (release + ["--from", window[1]] + writing, "--from and --to go together"),
                (release + ["--from", window[1], "--to", later] + writing, "which has not passed yet"),
                (release + ["--plan", "god"] + window + writing, "There is no plan named \"god\""),
                (window + writing, "--application is required"),
                (release + window + reading, "answered 403"),
            ] {
                let refused = try await bench.assay(["analyse"] + arguments)
                #expect(refused.code == 3 && refused.output.isEmpty, "\(refused)")
                #expect(refused.errors.hasPrefix("assay: ") && refused.errors.contains(text), "\(refused)")
            }
        }
    }
}
