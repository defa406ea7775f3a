import Processes
import Testing

extension CommandEndToEndTests {
    /// `assay emit` and `assay wait`, as a delivery pipeline uses them.
    @Suite("Commands of pipelines", .serialized, .timeLimit(.minutes(5)))
    struct PipelineCommandTests {
        static let plans = [TestPlan.good, .slow]

        @Test("The exit code of wait is the verdict: 0 pass, 1 fail, 2 no answer about the release, 3 none in time")
        func emitAndWait() async throws {
            try await Bench.run { bench in
                for plan in Self.plans { try plan.write(to: bench) }
                let prometheus = try await PrometheusServer.prepare(bench)
                _ = try await prometheus.start()
                let broker = try await Broker.start(bench)
                _ = try await Service.start(bench, broker, prometheus: prometheus.url)
                for (application, more) in [("good", ["--structured"]), ("slow", []), ("stranger", [])] {
                    let release = ["--application", application, "--environment", "test", "--release-version", "1"]
                    let sent = try await bench.assay(["emit"] + broker.flags + release + more)
                    #expect(sent.code == 0, "\(sent)")
                    #expect(sent.output.contains("event ") && sent.output.contains("session "), "\(sent)")
                }
                for (application, code, text) in [("good", 0, "PASS"), ("slow", 1, "FAIL"), ("stranger", 2, "ERRORED")]
                {
                    let release = ["--application", application, "--release-version", "1", "--timeout", "120s"]
                    let waited = try await bench.assay(["wait"] + broker.flags + release)
                    #expect(waited.code == Int32(code), "\(waited)")
                    #expect(waited.output.contains("\(application) 1 in test: \(text)\n"), "\(waited)")
                }
                let more = ["--environment", "test", "--release-version", "2"]
                for (application, code, word) in [("good", 0, "pass"), ("slow", 1, "fail"), ("stranger", 2, "errored")]
                {
                    let both = try await bench.assay(
                        ["emit", "--wait", "--timeout", "120s", "--application", application] + broker.flags + more
                    )
                    #expect(both.code == Int32(code), "\(both)")
                    #expect(both.output.contains("\(application) 2 in test: \(word.uppercased())\n"), "\(both)")
                    #expect(both.output.hasPrefix("event "), "\(both)")
                }
                let unknown = ["--application", "unknown", "--release-version", "1", "--timeout", "1s"]
                let late = try await bench.assay(["wait"] + broker.flags + unknown)
                #expect(late.code == 3, "\(late)")
                #expect(late.errors.contains("no final verdict on unknown 1 within 1s"), "\(late)")
                try await wrongOptions(bench, broker)
            }
        }

        @Test("The same over HTTP: without Kafka on the side of the pipeline")
        func overHTTP() async throws {
            try await Bench.run { bench in
                for plan in Self.plans { try plan.write(to: bench) }
                let prometheus = try await PrometheusServer.prepare(bench)
                _ = try await prometheus.start()
                let broker = try await Broker.start(bench)
                let service = try await Service.start(bench, broker, prometheus: prometheus.url)
                let url = ["--assay-url", service.web.url]
                for (application, code, text) in [("good", 0, "PASS"), ("slow", 1, "FAIL"), ("stranger", 2, "ERRORED")]
                {
                    let release = ["--application", application, "--environment", "test", "--release-version", "1"]
                    let event = ["--id", "build-\(application)"]
                    let sent = try await bench.assay(["emit"] + url + release + event)
                    #expect(sent.code == 0, "\(sent)")
                    #expect(sent.output.contains("taken in by \(service.web.url)"), "\(sent)")
                    let again = try await bench.assay(["emit", "--json", "--structured"] + url + release + event)
                    #expect(again.code == 0, "\(again)")
                    #expect(again.output.contains(#""outcome":"duplicate""#), "\(again)")
                    let summary = bench.path("\(application).md")
                    let waited = try await bench.assay(
                        ["wait", "--event", "build-\(application)", "--timeout", "120s", "--summary-file", summary]
                            + url
                    )
                    #expect(waited.code == Int32(code), "\(waited)")
                    #expect(waited.output.contains("\(application) 1 in test: \(text)\n"), "\(waited)")
                    #expect(
                        LogTail.lines(of: summary, count: 100).first?.hasPrefix("### \(application) 1 in test") == true
                    )
                    let known = try await bench.assay(["wait", "--json", "--timeout", "120s"] + url + release)
                    #expect(known.code == Int32(code), "\(known)")
                    #expect(known.output.hasPrefix("{"), "\(known)")
                }
                let word = try await bench.assay(["wait", "--event", "build-slow", "--result"] + url)
                #expect(word.code == 1, "\(word)")
                #expect(word.output == "fail\n", "\(word)")
                #expect(word.errors.hasPrefix("slow 1 in test: FAIL"), "\(word)")
                let unknown = ["wait", "--result", "--session", "s-unknown", "--timeout", "1s"]
                let late = try await bench.assay(unknown + url)
                #expect(late.code == 3, "\(late)")
                #expect(late.output == "none\n", "\(late)")
                #expect(late.errors.contains("no final verdict on session s-unknown within 1s"), "\(late)")
                let lost = [
                    "wait", "--session", "s-unknown", "--timeout", "10m", "--summary-file", bench.path("no/such"),
                ]
                let refused = try await bench.assay(lost + url)
                #expect(refused.code == 3, "\(refused)")
                #expect(refused.errors.contains("--summary-file: "), "\(refused)")
                try await waitingAtOnce(bench, url)
                try await health(bench, service)
            }
        }

        private func waitingAtOnce(_ bench: Bench, _ url: [String]) async throws {
            let release = ["--application", "slow", "--environment", "test", "--release-version", "2"]
            let first = try await bench.assay(["emit", "--id", "first"] + url + release)
            #expect(first.code == 0, "\(first)")
            // It repeats the release that is analysed: the verdict is that of the analysis of the first one.
            let again = try await bench.assay(
                ["emit", "--id", "again", "--wait", "--result", "--timeout", "120s"] + url + release
            )
            #expect(again.code == 1 && again.output == "fail\n", "\(again)")
            #expect(again.errors.contains("experiment query: sum(slow{"), "\(again)")
            // The same event, whose verdict is known.
            let repeated = try await bench.assay(["emit", "--id", "first", "--wait", "--json"] + url + release)
            #expect(repeated.code == 1, "\(repeated)")
            #expect(repeated.output.split(separator: "\n").count == 2, "\(repeated)")
            let withdrawn = try await bench.assay(["emit", "--id", "gone", "--phase", "cancelled"] + url + release)
            #expect(withdrawn.code == 0, "\(withdrawn)")
            let vain = try await bench.assay(["wait", "--event", "gone", "--timeout", "120s"] + url)
            #expect(vain.code == 3 && vain.errors.contains("has no analysis to wait for"), "\(vain)")
        }

        private func health(_ bench: Bench, _ service: Service) async throws {
            for more in [[], ["--ready"]] {
                let healthy = try await bench.assay(["health", "--url", service.web.url] + more)
                #expect(healthy.code == 0, "\(healthy)")
                let answer = more.isEmpty ? "ok\n" : "\"ready\":true"
                #expect(healthy.output.contains(answer), "\(healthy)")
            }
            await service.kill()
            let gone = try await bench.assay(["health", "--url", service.web.url])
            #expect(gone.code == 1, "\(gone)")
            #expect(gone.errors.hasPrefix("assay: GET \(service.web.url)/livez"), "\(gone)")
        }

        /// Each is refused with what is wrong, and nothing is sent.
        private func wrongOptions(_ bench: Bench, _ broker: Broker) async throws {
            let before = try await broker.records("deploy.events").count
            let release = ["--application", "a", "--environment", "e", "--release-version", "1"]
            let plan = try bench.write("kind: AnalysisPlan\nname: x\n", to: "half.yaml")
            let event = try bench.write(#"{"specversion":"1.0","id":"1","source":"/x"}"#, to: "event.json")
            let cases: [(arguments: [String], text: String)] = [
                (["--application", "a", "--environment", "e"], "--release-version is required"),
                (release + ["--control", "track"], "\"track\" is not name=value"),
                (release + ["--before", "soon"], "\"soon\" is not a time"),
                (release + ["--control", "a=b", "--before", "1h"], "not both"),
                (release + ["--phase", "gone"], "neither deployed nor cancelled"),
                (release + ["--weight", "140"], "weight"),
                (release + ["--plan-file", plan], "half.yaml"),
                (release + ["--plan-file", bench.path("nothing.yaml")], "nothing.yaml"),
                (["--file", event], "type"),
                (release + ["--timeout", "120s"], "--timeout goes with --wait only"),
                (release + ["--wait", "--timeout", "soon"], "\"soon\" is not a time"),
                (release + ["--wait", "--phase", "cancelled"], "gets no verdict of its own"),
                (["--file", event, "--environment", "e"], "--environment is not used with --file"),
                (["--aplication", "a"], "unknown option --aplication"),
                (release + ["--relase-version", "2"], "unknown option --relase-version"),
            ]
            for (arguments, text) in cases {
                let refused = try await bench.assay(["emit"] + broker.flags + arguments)
                #expect(refused.code == 3, "\(arguments): \(refused)")
                #expect(refused.errors.contains(text), "\(arguments): \(refused)")
                #expect(refused.errors.hasPrefix("assay: "), "\(refused)")
                #expect(refused.errors.split(separator: "\n").count <= 10, "\(refused)")
            }
            let noBroker = try await bench.assay(["emit"] + release)
            #expect(noBroker.code == 3)
            #expect(noBroker.errors.contains("--kafka-brokers or KAFKA_BROKERS"), "\(noBroker)")
            // An empty variable in a script.
            let empty = try await bench.assay(["emit", "--kafka-brokers", "--kafka-embedded"] + release)
            #expect(empty.code == 3)
            #expect(empty.errors.contains("--kafka-brokers needs a value"), "\(empty)")
            let wait = try await bench.assay(["wait"] + broker.flags + ["--application", "a", "--timeout", "1s"])
            #expect(wait.code == 3)
            #expect(wait.errors.contains("give --release-version or --event"), "\(wait)")
            #expect(try await broker.records("deploy.events").count == before)
        }
    }
}
