import Analysis
import EventFormats
import Foundation
import GRDB
import HTTPTestServer
import Judging
import Kafka
import Logging
import Processes
import Synchronization
import Testing

extension EndToEndTests {
    /// Processes killed between doing something and noting that it is done.
    @Suite("Interrupted deliveries", .serialized, .timeLimit(.minutes(5)))
    struct InterruptedDeliveryTests {
        /// Both at once: most of their time is waiting for a killed member's place in its group.
        @Test("What was sent is not sent again; an action is done again under the same key until it is noted")
        func interrupted() async throws {
            async let verdict: Void = verdict()
            async let action: Void = action()
            _ = try await (verdict, action)
        }

        /// The store says that the verdict has still to be sent, but it is on its topic.
        private func verdict() async throws {
            try await Bench.run { bench in
                try TestPlan.good.write(to: bench)
                let prometheus = try await PrometheusServer.prepare(bench)
                _ = try await prometheus.start()
                let broker = try await Broker.start(bench)
                let kcat = Kcat(bench: bench, broker: broker)
                let first = try await Service.start(bench, broker, prometheus: prometheus.url)
                try await TopicFollower.follow("canary.verdicts", of: broker) { verdicts in
                    try await kcat.sendBinary(TestEvent(application: "good", version: "1"))
                    _ = try await verdicts.finalVerdict(on: "good", "1")
                    await first.kill()
                    #expect(try await Self.forgetDelivery(in: bench.path("store.sqlite")) == 1)
                    _ = try await Service.start(bench, broker, prometheus: prometheus.url)
                    // Verdicts of one application keep their order: once this one is there, the other has had its turn.
                    try await kcat.sendBinary(TestEvent(application: "good", version: "2"))
                    _ = try await verdicts.finalVerdict(on: "good", "2")
                    #expect(DemoRecord.repeated(verdicts.verdicts.map(\.id)) == [])
                }
            }
        }

        private static func forgetDelivery(in path: String) async throws -> Int {
            let queue = try DatabaseQueue(path: path)
            let changed = try await queue.write { database in
                try database.execute(
                    sql: "UPDATE outbox SET settled_at = NULL, reference = NULL WHERE id LIKE '%/final'"
                )
                return database.changesCount
            }
            try queue.close()
            return changed
        }

        /// The webhook has been called, but the controller has not heard its answer.
        private func action() async throws {
            try await Bench.run { bench in
                let controller = Mutex<ChildProcess?>(nil)
                let webhook = try TestHTTPServer { _ in
                    let running = controller.withLock { child in
                        defer { child = nil }
                        return child
                    }
                    guard let running else { return [.respond(200), .close] }
                    running.send(signal: 9)
                    return [.hold]
                }
                let broker = try await Broker.start(bench)
                let arguments =
                    ["rollout"] + broker.flags + [
                        "--rollout-webhook-url", webhook.url, "--log-format", "text",
                        // The verdict may be there before the group is.
                        "--rollout-start-at", "beginning",
                    ]
                let first = try bench.startAssay("rollout", arguments)
                controller.withLock { $0 = first }
                try await TopicFollower.follow("canary.rollouts", of: broker) { rollouts in
                    try await Self.publish("1", broker)
                    #expect(await first.waitUntilExit() == .signal(9))
                    let second = try bench.startAssay("rollout", arguments)
                    try await Waiting.until("the action is done") { !rollouts.records.isEmpty }
                    second.send(signal: 9)
                    _ = await second.waitUntilExit()

                    _ = try bench.startAssay("rollout", arguments)
                    try await Self.publish("2", broker)
                    try await Waiting.until("the next action is done") { rollouts.records.count > 1 }
                    let keys = webhook.statistics.requests.map { $0.headers["idempotency-key"] ?? "" }
                    #expect(keys.count == 3, "\(keys)")
                    #expect(keys.first?.isEmpty == false)
                    #expect(keys.first == keys.dropFirst().first)
                    #expect(Set(keys).count == 2)
                    #expect(rollouts.records.count == 2)
                }
            }
        }

        /// A final verdict as the service publishes it.
        private static func publish(_ version: String, _ broker: Broker) async throws {
            let event = DeployEvent(
                identity: EventIdentity(source: "/pipelines/test", id: version),
                application: "shop",
                environment: "test",
                version: version,
                revision: "revision-\(version)"
            )
            let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
            let verdict = Verdict(
                id: "session-\(version)/final",
                session: "session-\(version)",
                kind: .final,
                status: .completed,
                result: .pass,
                score: 100,
                reason: "score 100",
                nextStep: "none",
                event: event,
                plan: "plan",
                judge: "NetflixACAJudge-v1.0",
                thresholds: Thresholds(),
                openedAt: now,
                decidedAt: now,
                look: 1,
                looks: 1,
                step: .seconds(1)
            )
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let producer = try KafkaProducer(configuration: .embedded(broker.address), logger: logger)
            let record = CloudEventKafkaBinding.binary(VerdictEvent.encode(verdict, source: "/assay", reportURL: nil))
            _ = try await producer.send(
                KafkaMessage(
                    topic: "canary.verdicts",
                    key: Array("shop".utf8),
                    value: record.value,
                    headers: record.headers.map { KafkaHeader(key: $0.name, value: $0.value) }
                )
            )
            await producer.close()
        }
    }
}
