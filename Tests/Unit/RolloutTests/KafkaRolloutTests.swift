import Analysis
import EventFormats
import HTTPTransport
import Judging
import Kafka
import Logging
import Testing

@testable import Rollout

/// The controller on the embedded broker: verdict in, webhook called, rollout event out.
@Suite(.timeLimit(.minutes(2)), .serialized) struct KafkaRolloutTests {
    private struct Webhook: HTTPExecuting {
        let requests = Collector<HTTPRequest>()

        func execute(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
            requests.add(request)
            return HTTPResponse(status: 200)
        }
    }

    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private struct FailingSink: RolloutSink {
        func store(_ event: CloudEvent, of release: ReleaseIdentity) async throws {
            throw KafkaError(code: .other, message: "Refused.")
        }
    }

    private func start(
        _ kafka: KafkaConfiguration,
        producer: KafkaProducer,
        sink: (any RolloutSink)? = nil,
        webhook: Webhook,
        observed: Collector<RolloutObservation>
    ) throws -> (RolloutController, Task<Void, any Error>) {
        let configuration = RolloutConfiguration(group: "rollout-test")
        let controller = RolloutController(
            configuration: configuration,
            source: try KafkaVerdictSource(
                configuration: kafka,
                group: "rollout-test",
                topic: "canary.verdicts",
                maximumBacklog: configuration.maximumBacklog,
                reader: VerdictReader(now: { Fixture.start }),
                deadLetters: CollectedLetters(all: Collector<DeadLetter>()),
                logger: Self.logger
            ),
            sink: sink ?? KafkaRolloutSink(producer: producer, topic: "canary.rollouts"),
            history: KafkaRolloutHistory(configuration: kafka, topic: "canary.rollouts", logger: Self.logger),
            actuator: WebhookActuator(url: "https://deploy.test/hook", client: webhook),
            now: { Fixture.start },
            observer: RolloutObserver { observed.add($0) },
            logger: Self.logger
        )
        return (controller, Task { try await controller.run() })
    }

    private func send(_ verdict: Verdict, _ producer: KafkaProducer) async throws {
        let record = Fixture.record(verdict)
        _ = try await producer.send(
            KafkaMessage(topic: record.topic, key: record.key, value: record.value, headers: record.headers)
        )
    }

    /// Waits until an observation was made.
    private func await(_ wanted: RolloutObservation, in observed: Collector<RolloutObservation>) async {
        while !observed.all.contains(wanted) { await observed.wait(for: 1) }
    }

    @Test func aVerdictIsActedOnOnceAcrossARestartOfTheGroup() async throws {
        let broker = try EmbeddedBroker(partitions: 3)
        defer { broker.close() }
        for topic in ["canary.verdicts", "canary.rollouts", "canary.deadletter"] { try broker.createTopic(topic) }
        let kafka = KafkaConfiguration.embedded(broker.bootstrapServers)
        let producer = try KafkaProducer(configuration: kafka, logger: Self.logger)
        let webhook = Webhook()

        let first = Collector<RolloutObservation>()
        let (controller, running) = try start(
            kafka,
            producer: producer,
            webhook: webhook,
            observed: first
        )
        try await send(Fixture.verdict("a"), producer)
        try await send(Fixture.verdict("a"), producer)
        _ = try await producer.send(KafkaMessage(topic: "canary.verdicts", key: [1], value: [0x7B]))
        await `await`(.published(.promote, .done), in: first)
        await `await`(.dropped(.repeated), in: first)
        await `await`(.deadLettered, in: first)
        controller.stop()
        try await running.value
        #expect(webhook.requests.all.count == 1)
        #expect(webhook.requests.all.first?.headers["Idempotency-Key"] == "a/webhook")

        let second = Collector<RolloutObservation>()
        let (next, runningAgain) = try start(
            kafka,
            producer: producer,
            webhook: webhook,
            observed: second
        )
        try await send(Fixture.verdict("a"), producer)
        try await send(Fixture.verdict("b", session: "s2", result: .fail, opened: 100), producer)
        await `await`(.published(.abort, .done), in: second)
        next.stop()
        try await runningAgain.value
        #expect(webhook.requests.all.map { $0.headers["Idempotency-Key"] } == ["a/webhook", "b/webhook"])
        #expect(second.all.contains(.dropped(.repeated)))
        // Offsets were stored: the malformed record and the first two verdicts do not come again.
        #expect(second.all.filter { if case .verdict = $0 { true } else { false } }.count == 2)
        #expect(!second.all.contains(.deadLettered))

        let reader = try KafkaReader(
            configuration: kafka,
            topic: "canary.rollouts",
            from: .beginning,
            logger: Self.logger
        )
        var published: [RolloutAction] = []
        while published.count < 2, let record = try await reader.next() {
            #expect(record.key == Array("shop".utf8))
            published.append(try Fixture.rolloutAction(record))
        }
        await reader.close()
        #expect(published.map(\.id) == ["a/webhook", "b/webhook"])
        #expect(published.map(\.action) == [.promote, .abort])
        await producer.close()
    }

    @Test func aCrashBetweenActingAndPublishingRepeatsTheActionUnderTheSameKey() async throws {
        let broker = try EmbeddedBroker(partitions: 1)
        defer { broker.close() }
        for topic in ["canary.verdicts", "canary.rollouts", "canary.deadletter"] { try broker.createTopic(topic) }
        let kafka = KafkaConfiguration.embedded(broker.bootstrapServers)
        let producer = try KafkaProducer(configuration: kafka, logger: Self.logger)
        let webhook = Webhook()
        try await send(Fixture.verdict("a"), producer)
        let (_, crashing) = try start(
            kafka,
            producer: producer,
            sink: FailingSink(),
            webhook: webhook,
            observed: Collector()
        )
        await #expect(throws: KafkaError.self) { try await crashing.value }

        let observed = Collector<RolloutObservation>()
        let (controller, running) = try start(
            kafka,
            producer: producer,
            webhook: webhook,
            observed: observed
        )
        await `await`(.published(.promote, .done), in: observed)
        controller.stop()
        try await running.value
        #expect(webhook.requests.all.map { $0.headers["Idempotency-Key"] } == ["a/webhook", "a/webhook"])
        await producer.close()
    }

    @Test func theHistoryEndsWhereTheTopicEndedAndAnEmptyOneAtOnce() async throws {
        let broker = try EmbeddedBroker(partitions: 2)
        defer { broker.close() }
        try broker.createTopic("canary.rollouts")
        let kafka = KafkaConfiguration.embedded(broker.bootstrapServers)
        let history = KafkaRolloutHistory(configuration: kafka, topic: "canary.rollouts", logger: Self.logger)
        try await history.read { _ in Issue.record("an empty topic has no events") }

        let producer = try KafkaProducer(configuration: kafka, logger: Self.logger)
        let sink = KafkaRolloutSink(producer: producer, topic: "canary.rollouts")
        for index in 0..<50 {
            let event = CloudEvent(id: "\(index)", source: "/x", type: "dev.assay.rollout.v1", data: [])
            try await sink.store(event, of: ReleaseIdentity(application: "app\(index)", environment: "e"))
        }
        _ = try await producer.send(KafkaMessage(topic: "canary.rollouts", key: [1], value: [99]))
        var (read, unreadable) = (Set<String>(), 0)
        try await history.read { event in
            if let event { read.insert(event.id) } else { unreadable += 1 }
        }
        await producer.close()
        #expect(read == Set((0..<50).map { "\($0)" }))
        #expect(unreadable == 1)
    }

    @Test func silenceIsNotTakenForTheEndOfTheHistory() async throws {
        let broker = try EmbeddedBroker(partitions: 1)
        try broker.createTopic("canary.rollouts")
        let kafka = KafkaConfiguration.embedded(broker.bootstrapServers)
        let producer = try KafkaProducer(configuration: kafka, logger: Self.logger)
        _ = try await producer.send(KafkaMessage(topic: "canary.rollouts", value: [1]))
        await producer.close()
        broker.close()
        let history = KafkaRolloutHistory(
            configuration: kafka,
            topic: "canary.rollouts",
            patience: .milliseconds(200),
            logger: Self.logger
        )
        await #expect(throws: KafkaError.self) { try await history.read { _ in } }
    }
}
