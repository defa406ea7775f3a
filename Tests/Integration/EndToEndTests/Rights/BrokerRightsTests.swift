import Foundation
import Kafka
import KafkaGateway
import Logging
import Processes
import Testing

extension EndToEndTests {
    /// Every process against brokers with access rules: a gateway that decodes requests, in front of the embedded broker.
    @Suite(
        "Rights on the brokers",
        .serialized,
        .timeLimit(.minutes(5)),
        .enabled(if: KafkaGateway.isPossible, "needs the Debian packages python3 and openssl")
    )
    struct BrokerRightsTests {
        private static let topics = ["deploy.events", "canary.verdicts", "canary.rollouts", "canary.deadletter"]

        private struct Rollout {
            let process: ChildProcess
            let web: Web
        }

        private static func flags(_ gateway: KafkaGateway) -> [String] {
            ["--kafka-brokers", gateway.address, "--kafka-embedded"]
        }

        private static func startService(_ bench: Bench, _ gateway: KafkaGateway) async throws -> Service {
            try FileManager.default.createDirectory(
                atPath: bench.path("plans"),
                withIntermediateDirectories: true
            )
            let portFile = bench.path("serve-\(UUID().uuidString).port")
            let process = try bench.startAssay(
                "serve",
                ["serve"] + flags(gateway) + [
                    "--prometheus-url", "http://127.0.0.1:1", "--store-path", bench.path("store.sqlite"),
                    "--plans-directory", bench.path("plans"), "--web-port", "0", "--web-port-file", portFile,
                    "--log-format", "text", "--shutdown-grace", "5s",
                ]
            )
            let web = try await Self.web(bench, portFile)
            return Service(process: process, web: web)
        }

        private static func startRollout(_ bench: Bench, _ gateway: KafkaGateway) async throws -> Rollout {
            let portFile = bench.path("rollout-\(UUID().uuidString).port")
            let process = try bench.startAssay(
                "rollout",
                ["rollout"] + flags(gateway) + [
                    "--rollout-webhook-url", "http://127.0.0.1:1", "--rollout-dry-run",
                    "--rollout-start-at", "beginning", "--web-port", "0",
                    "--web-port-file", portFile, "--log-format", "text", "--shutdown-grace", "5s",
                ]
            )
            return Rollout(process: process, web: try await Self.web(bench, portFile))
        }

        private static func web(_ bench: Bench, _ portFile: String) async throws -> Web {
            let port = try await Waiting.until("it listens") { LogTail.lines(of: portFile, count: 1).first }
            return Web(http: bench.http, url: "http://127.0.0.1:\(port)")
        }

        /// A release that has no plan is answered at once, without Prometheus.
        private static let release = ["--application", "shop", "--environment", "test", "--release-version", "1"]

        @Test("What each process asks for is what the table of rights says")
        func table() async throws {
            let table = try RightsTable()
            let gateway = try await KafkaGateway(.plaintext, topics: Self.topics, rights: ["everything"])
            try await Bench.run { bench in
                let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                let producer = try KafkaProducer(
                    configuration: .embedded(gateway.broker.bootstrapServers),
                    logger: quiet
                )
                for topic in ["deploy.events", "canary.verdicts"] {
                    _ = try await producer.send(KafkaMessage(topic: topic, value: Array("garbage".utf8)))
                }
                await producer.close()
                _ = try await Self.startService(bench, gateway)
                let flags = Self.flags(gateway)
                let sent = try await bench.assay(["emit"] + flags + Self.release)
                #expect(sent.code == 0, "\(sent)")
                let waited = try await bench.assay(
                    ["wait"] + flags + ["--application", "shop", "--release-version", "1", "--timeout", "120s"]
                )
                #expect(waited.code == 2, "\(waited)")
                let first = try await Self.startRollout(bench, gateway)
                func asked(_ command: String) -> Set<String> {
                    let own = gateway.asked.filter { $0.key.hasPrefix("assay-\(command)-") }
                    return RightsTable.reduced(own.values.reduce(into: []) { $0.formUnion($1) })
                }
                // It has written what it did; the next one reads that.
                try await Waiting.until("the controller has answered") {
                    asked("rollout").isSuperset(of: ["WRITE topic canary.rollouts", "WRITE topic canary.deadletter"])
                }
                first.process.send(signal: 15)
                _ = await first.process.waitUntilExit()
                _ = try await Self.startRollout(bench, gateway)
                for command in ["serve", "rollout", "emit", "wait"] {
                    let expected = try #require(table.rights[command])
                    try? await Waiting.until("all rights of \(command) were used") {
                        asked(command).isSuperset(of: expected)
                    }
                    #expect(asked(command) == expected, "\(command)")
                }
            }
        }

        @Test("Without rights the service waits and says what is missing; once they are given, it works")
        func missing() async throws {
            let table = try RightsTable()
            let gateway = try await KafkaGateway(.plaintext, topics: Self.topics, rights: [])
            try await Bench.run { bench in
                let service = try await Self.startService(bench, gateway)
                func readiness() async throws -> String { try await service.web.get("/readyz").text }
                for right in ["READ on the topic 'deploy.events'", "READ on the group 'assay'"] {
                    try await Waiting.until("readyz names \(right)") {
                        try await readiness().contains(right)
                    }
                }
                #expect(try await service.web.get("/readyz").status == 200)
                // Actions of controllers cannot be shown: said, and nothing else.
                try await Waiting.until("readyz names the topic of rollout events") {
                    try await service.web.get("/readyz?verbose").text.contains("the topic 'canary.rollouts'")
                }
                let rollout = try await Self.startRollout(bench, gateway)
                try await Waiting.until("the controller says which right it lacks") {
                    try await rollout.web.get("/readyz?verbose").text.contains("on the topic 'canary.")
                }
                #expect(try await rollout.web.get("/readyz").status == 200)
                let flags = Self.flags(gateway)
                let sent = try await bench.assay(["emit"] + flags + Self.release)
                // Any of them may be refused first.
                let refusals = ["needs IDEMPOTENT_WRITE on the cluster", "needs WRITE on the topic 'deploy.events'"]
                #expect(sent.code == 3 && refusals.contains { sent.errors.contains($0) }, "\(sent)")
                let wanted = ["--application", "shop", "--release-version", "1", "--timeout", "120s"]
                let waited = try await bench.assay(["wait"] + flags + wanted)
                #expect(waited.code == 3, "\(waited)")
                #expect(waited.errors.contains("needs DESCRIBE on the topic 'deploy.events'"), "\(waited)")
                #expect(service.process.exit == nil)

                try gateway.allow(table.granted)
                try await Waiting.until("the consumer has its place") {
                    try await service.web.get("/metrics").text.contains("assay_kafka_up 1")
                }
                let again = try await bench.assay(["emit"] + flags + Self.release)
                #expect(again.code == 0, "\(again)")
                let answered = try await bench.assay(["wait"] + flags + wanted)
                #expect(answered.code == 2, "\(answered)")
                #expect(rollout.process.exit == nil)
                try await Waiting.until("the controller has acted, and the service shows it") {
                    try await service.web.get("/v1/actions").text.contains("dev.assay.rollout.v1")
                }
                let told = LogTail.lines(of: bench.path("rollout.log"), count: 1000)
                #expect(told.count < 60, "\(told.joined(separator: "\n"))")
                let lines = LogTail.lines(of: bench.path("serve.log"), count: 1000)
                let spoken = lines.filter { $0.contains("Kafka is in trouble") }
                // One for each right.
                #expect((1...7).contains(spoken.count), "\(spoken.joined(separator: "\n"))")
                #expect(lines.count < 60, "\(lines.joined(separator: "\n"))")
            }
        }
    }
}
