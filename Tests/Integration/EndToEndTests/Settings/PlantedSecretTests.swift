import Foundation
import HTTPTransport
import Processes
import Testing

extension EndToEndTests {
    /// Secrets with a text that is looked for in everything the program says.
    @Suite("Secrets", .serialized, .timeLimit(.minutes(5)))
    struct PlantedSecretTests {
        private static let planted = "pl4nted"

        /// The webhook's address is the only one that may have a query.
        private static let secrets = [
            "--prometheus-url", "http://127.0.0.1:1/x", "--grafana-url", "http://127.0.0.1:1/",
            "--webhook-url", "http://127.0.0.1:1/?key=\(planted)",
            "--prometheus-headers", "X-Key: \(planted)", "--prometheus-parameters", "token=\(planted)",
            "--prometheus-bearer-token", planted, "--prometheus-password", planted, "--prometheus-username", "u",
            "--grafana-token", planted, "--webhook-bearer-token", planted,
            "--kafka-sasl-password", planted, "--kafka-ssl-key-password", planted, "--kafka-debug", "all",
            "--log-level", "trace",
        ]

        @Test("A service whose neighbours fail logs none of its secrets, at the most talkative level")
        func service() async throws {
            try await Bench.run { bench in
                try TestPlan.good.write(to: bench)
                let broker = try await Broker.start(bench)
                // A flag that comes later wins.
                let service = try await Service.start(bench, broker, prometheus: "http://x", flags: Self.secrets)
                let event = TestEvent(application: "good")
                let type: HTTPHeaders = ["content-type": "application/cloudevents+json"]
                _ = try await service.web.post("/v1/events", type, Array(event.structured.utf8))
                try await Waiting.until("Prometheus, Grafana and the webhook have failed") {
                    let counts = try await service.web.get("/metrics").text.split(separator: "\n")
                    return ["assay_query_failures_total{", "assay_outbox_failures_total{sink=\"annotations\""]
                        .allSatisfy { name in
                            counts.contains { $0.hasPrefix(name) && !$0.hasSuffix(" 0") }
                        }
                }
                let sessions = try await service.web.get("/v1/sessions?application=good")
                service.process.send(signal: 15)
                _ = await service.process.waitUntilExit()
                let log = String(
                    decoding: FileManager.default.contents(atPath: bench.path("serve.log")) ?? Data(),
                    as: UTF8.self
                )
                #expect(log.utf8.count > 10_000, "the log is talkative")
                for text in [log, sessions.text] {
                    let lines = text.split(separator: "\n").filter { $0.contains(Self.planted) }
                    #expect(lines.isEmpty, "\(lines.prefix(5))")
                }
            }
        }

        @Test(
            "Commands that fail show none either",
            arguments: [
                ["config"] + secrets, ["config", "--output", "yaml"] + secrets,
                ["config", "--output", "json"] + secrets,
                ["config", "--database-url", "postgres://u:\(planted)@h:x/d"],
                ["config", "--database-url", "host=h password='\(planted)"],
                ["config", "--prometheus-headers", planted], ["config", "--prometheus-parameters", planted],
                ["serve", "--prometheus-url", "http://user:\(planted)@127.0.0.1:1/x?key=\(planted)"],
                ["serve", "--grafana-url", "http://user:\(planted)@127.0.0.1:1/?key=\(planted)"],
                ["serve", "--webhook-url", "http://user:\(planted)@127.0.0.1:1/?key=\(planted)"],
                ["config", "--prometheus-url", "http://user:\(planted)@127.0.0.1:1/x?key=\(planted)"],
                ["config", "--grafana-url", "u:\(planted)@h"], ["config", "--kafka-ssl-key-pem", planted],
                ["config", "rollout", "--rollout-webhook-token", planted, "--kubernetes-token", planted],
                ["config", "--web-token", planted],
                ["serve", "--plans-directory", "/none"] + secrets,
            ]
        )
        func commands(arguments: [String]) async throws {
            try await Bench.run { bench in
                let result = try await bench.assay(arguments)
                #expect(!result.output.contains(Self.planted) && !result.errors.contains(Self.planted), "\(result)")
                #expect(!(result.output + result.errors).isEmpty)
            }
        }
    }
}
