import Processes
import Testing

extension CommandEndToEndTests {
    /// `assay sessions`, `show`, `top` and `report`, as a person uses them.
    @Suite("Commands about analyses", .serialized, .timeLimit(.minutes(5)))
    struct AnalysisCommandTests {
        @Test("What the service has found is shown, with the exit codes of wait")
        func analyses() async throws {
            try await Bench.run { bench in
                for plan in [TestPlan.good, .slow, Self.long] { try plan.write(to: bench) }
                let prometheus = try await PrometheusServer.prepare(bench)
                _ = try await prometheus.start()
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
                let following = try bench.startAssay("follow", ["sessions", "--follow"] + reading)
                let emit = ["emit", "--environment", "test", "--release-version", "1", "--timeout", "120s", "--wait"]
                for (application, code, word) in [
                    ("good", 0, "✓ Passed"), ("slow", 1, "✗ Failed"), ("stranger", 2, "! Could not be judged"),
                ] {
                    _ = try await bench.assay(emit + ["--application", application] + writing)
                    let shown = try await bench.assay(["show", application, "test", "1"] + reading)
                    #expect(shown.code == Int32(code), "\(shown)")
                    #expect(
                        shown.output.hasPrefix(word) && shown.output.contains("\(application) 1 in test"),
                        "\(shown)"
                    )
                    #expect(!shown.output.contains("\u{1B}") && shown.errors.isEmpty, "\(shown)")
                    try await Waiting.until("the change is followed") {
                        LogTail.lines(of: bench.path("follow.log"), count: 100)
                            .contains { $0.hasPrefix("\(word)  \(application) 1 in test") }
                    }
                }
                following.send(signal: 15)
                try await lists(bench, reading)
                try await running(bench, writing)
                try await wrong(bench, service.web.url, reading)
            }
        }

        private static let long = TestPlan(name: "long", query: "sum(load{${scope}})", lifetime: 600)

        private func lists(_ bench: Bench, _ reading: [String]) async throws {
            let list = try await bench.assay(["sessions", "--limit", "2"] + reading)
            #expect(list.code == 0 && list.output.split(separator: "\n").count == 3, "\(list)")
            let older = try #require(list.errors.firstMatch(of: /older ones: --before (\S+)/)).1
            let rest = try await bench.assay(["sessions", "--before", String(older)] + reading)
            #expect(rest.code == 0 && rest.output.contains("good") && !rest.output.contains("stranger"), "\(rest)")
            let json = try await bench.assay(["sessions", "--output", "json", "--application", "slow"] + reading)
            #expect(json.code == 0 && json.output.hasPrefix(#"{"sessions":[{"application":"slow""#), "\(json)")
            let top = try await bench.assay(["top", "--count", "1"] + reading)
            #expect(top.code == 0 && top.output.split(separator: "\n").count == 3, "\(top)")
            let report = try await bench.assay(["report", "slow", "test", "1"] + reading)
            #expect(report.code == 0 && report.output.hasPrefix("<!DOCTYPE html>"), "\(report)")
            #expect(report.output.contains("class=\"side-experiment\"") && report.output.hasSuffix("</html>\n"))
            let markdown = try await bench.assay(["show", "slow", "test", "1", "--output", "markdown"] + reading)
            #expect(markdown.code == 1 && markdown.output.hasPrefix("### ✗ slow 1 in test: Failed\n"), "\(markdown)")
        }

        /// No verdict is no pass.
        private func running(_ bench: Bench, _ writing: [String]) async throws {
            let release = ["--application", "long", "--environment", "test", "--release-version", "1"]
            let sent = try await bench.assay(["emit"] + release + writing)
            let session = try #require(sent.output.firstMatch(of: /session (\S+)/)).1
            try await Waiting.until("the analysis runs") {
                let shown = try await bench.assay(["show", String(session)] + writing)
                return shown.code == 3 && shown.output.hasPrefix("▶ Running")
            }
        }

        private func wrong(_ bench: Bench, _ url: String, _ reading: [String]) async throws {
            for (arguments, text) in [
                (["show", "none"] + reading, "there is no session none at \(url)"),
                (["show", "good", "test", "7"] + reading, "there is no analysis of good 7 in test"),
                (["show", "good", "test", "1", "--assay-url", url], "answered 401: send the token"),
                (["sessions", "--phase", "x"] + reading, "phase must be one of"),
                (["report", "none"] + reading, "there is no session none"),
            ] {
                let refused = try await bench.assay(arguments)
                #expect(refused.code == 3 && refused.output.isEmpty, "\(refused)")
                #expect(refused.errors.hasPrefix("assay: ") && refused.errors.contains(text), "\(refused)")
                #expect(refused.errors.split(separator: "\n").count == 1, "\(refused)")
            }
        }
    }
}
