import Analysis
import EventFormats
import HTTPTransport
import Judging
import Kafka
import Logging
import Testing

@testable import Rollout

/// The controller on the embedded broker: verdict in, webhook called, rollout event out.
@Suite(.timeLimit(.minutes(5)), .serialized) struct KafkaRolloutTests {
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
        passesOverUnreadable: Bool = false,
        letters: Collector<DeadLetter> = Collector(),
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
                deadLetters: CollectedLetters(all: letters),
                logger: Self.logger
            ),
            sink: sink ?? KafkaRolloutSink(producer: producer, topic: "canary.rollouts"),
            history: KafkaRolloutHistory(
                configuration: kafka,
                topic: "canary.rollouts",
                passesOverUnreadable: passesOverUnreadable,
                logger: Self.logger
            ),
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

    /// A zstd record of a few bytes that becomes larger than any answer may be.
    private func poison(_ topic: String, _ broker: EmbeddedBroker) async throws {
        let properties = ["compression.type": "zstd", "message.max.bytes": "200000000"]
        let producer = try KafkaProducer(
            configuration: .embedded(broker.bootstrapServers, properties: properties),
            logger: Self.logger
        )
        _ = try await producer.send(KafkaMessage(topic: topic, value: [UInt8](repeating: 32, count: 40 << 20)))
        await producer.close()
    }

    @Test(.enabled(if: kafkaLibraryHas("zstd")))
    func aVerdictIsActedOnBehindWhatCannotBeDecompressed() async throws {
        let broker = try EmbeddedBroker(partitions: 1)
        defer { broker.close() }
        for topic in ["canary.verdicts", "canary.rollouts", "canary.deadletter"] { try broker.createTopic(topic) }
        let kafka = KafkaConfiguration.embedded(broker.bootstrapServers)
        let producer = try KafkaProducer(configuration: kafka, logger: Self.logger)
        for _ in 0..<2 { try await poison("canary.verdicts", broker) }
        try await send(Fixture.verdict("a"), producer)
        let observed = Collector<RolloutObservation>()
        let letters = Collector<DeadLetter>()
        let (controller, running) = try start(
            kafka,
            producer: producer,
            letters: letters,
            webhook: Webhook(),
            observed: observed
        )
        await `await`(.published(.promote, .done), in: observed)
        controller.stop()
        try await running.value
        #expect(observed.all.count { $0 == .deadLettered } == 2)
        #expect(letters.all.map(\.reason) == ["unreadable", "unreadable"])
        #expect(letters.all.map(\.origin.lastOffset).sorted { ($0 ?? 0) < ($1 ?? 0) } == [0, 1])
        #expect(letters.all.allSatisfy { $0.record.value == nil })
        await producer.close()
    }

    @Test(.enabled(if: kafkaLibraryHas("zstd")))
    func withAPartOfItsMemoryUnreadableTheControllerDoesNotActUntilItIsTold() async throws {
        let broker = try EmbeddedBroker(partitions: 1)
        defer { broker.close() }
        for topic in ["canary.verdicts", "canary.rollouts", "canary.deadletter"] { try broker.createTopic(topic) }
        let kafka = KafkaConfiguration.embedded(broker.bootstrapServers)
        let producer = try KafkaProducer(configuration: kafka, logger: Self.logger)
        try await poison("canary.rollouts", broker)
        try await send(Fixture.verdict("a"), producer)
        let webhook = Webhook()
        let observed = Collector<RolloutObservation>()
        let (controller, running) = try start(kafka, producer: producer, webhook: webhook, observed: observed)
        var trouble: String?
        while trouble == nil {
            await observed.wait(for: 1)
            trouble = observed.all.lazy.compactMap { if case .missedLedger(let text) = $0 { text } else { nil } }.first
        }
        #expect(trouble?.contains("can't be read") == true && trouble?.contains("rollout.passOverUnreadable") == true)
        controller.stop()
        try await running.value
        #expect(webhook.requests.all.isEmpty)

        let told = Collector<RolloutObservation>()
        let (next, runningAgain) = try start(
            kafka,
            producer: producer,
            passesOverUnreadable: true,
            webhook: webhook,
            observed: told
        )
        await `await`(.published(.promote, .done), in: told)
        next.stop()
        try await runningAgain.value
        #expect(webhook.requests.all.count == 1)
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
