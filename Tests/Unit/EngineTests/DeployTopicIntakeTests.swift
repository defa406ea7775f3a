import Analysis
import Concurrency
import Engine
import EventFormats
import Foundation
import Kafka
import Logging
import PlanFormats
import Store
import Telemetry
import Testing

@Suite(.timeLimit(.minutes(5))) struct DeployTopicIntakeTests {
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func event(_ id: String) -> (value: [UInt8]?, headers: [KafkaHeader]) {
        let (value, headers) = CloudEventKafkaBinding.binary(DeployEventEncoder.encode(EngineHarness.event(id)))
        return (value, headers.map { KafkaHeader(key: $0.name, value: $0.value) })
    }

    @Test func eventsGoToTheInboxOnceAndTheRestToTheDeadLetters() async throws {
        try await withDirectory { directory in
            let broker = try EmbeddedBroker(partitions: 1)
            for topic in ["deploy.events", "canary.deadletter"] { try broker.createTopic(topic, partitions: 1) }
            let configuration = KafkaConfiguration.embedded(broker.bootstrapServers)
            let producer = try KafkaProducer(configuration: configuration, logger: logger)
            let good = event("1")
            // The same id, and another version.
            let wrong = CloudEventKafkaBinding.binary(DeployEventEncoder.encode(EngineHarness.event("1", version: "9")))
            let conflict = (wrong.value, wrong.headers.map { KafkaHeader(key: $0.name, value: $0.value) })
            for (value, headers) in [
                (Array("garbage".utf8), [KafkaHeader(key: "trace", value: Array("x".utf8))]), (nil, []), good, good,
                conflict,
                event("2"),
            ] as [([UInt8]?, [KafkaHeader])] {
                _ = try await producer.send(
                    KafkaMessage(topic: "deploy.events", key: Array("k".utf8), value: value, headers: headers)
                )
            }
            let store = try SQLiteStore(path: directory.appending(path: "s.db").path)
            let metrics = EngineMetrics(MetricRegistry())
            let work = WakeSignal()
            let intake = DeployTopicIntake(
                makeConsumer: { [logger] in
                    try KafkaConsumer(
                        configuration: configuration,
                        groupID: "assay",
                        topics: ["deploy.events"],
                        logger: logger
                    )
                },
                deadLetters: DeadLetterTopic(producer: producer, topic: "canary.deadletter", version: "1"),
                intake: Intake(
                    reader: EnvelopeReader(plans: PlanReader(), planLimits: EventPlanLimits()),
                    store: store,
                    work: work,
                    metrics: metrics,
                    logger: logger
                ),
                clock: SystemClock(),
                metrics: metrics,
                logger: logger
            )
            let running = Task { try await intake.run() }
            let reader = try KafkaReader(
                configuration: configuration,
                topic: "canary.deadletter",
                from: .beginning,
                logger: logger
            )
            // The letters of a batch are under way together, so they come in any order.
            var letters: [String: KafkaRecord] = [:]
            for _ in 0..<3 {
                let letter = try #require(try await reader.next(timeout: .seconds(60)))
                letters[String(decoding: try #require(letter.header("dlq.error.class")), as: UTF8.self)] = letter
            }
            let garbage = try #require(letters["notACloudEvent"])
            #expect(garbage.value.map { String(decoding: $0, as: UTF8.self) } == "garbage")
            #expect(garbage.header("trace") == Array("x".utf8))
            #expect(garbage.header("dlq.original.topic") == Array("deploy.events".utf8))
            let tombstone = try #require(letters["tombstone"])
            #expect(tombstone.value == nil)
            let other = try #require(letters["idOfAnotherEvent"])
            #expect(other.value == wrong.value)
            // Signalled each time that events have gone into the inbox.
            let clock = SystemClock()
            for _ in 0..<5 where metrics.eventsReceived.value("kafka", "accepted") < 2 {
                await work.wait(until: clock.now() + .seconds(10), clock: clock)
            }
            let waiting = try await store.answerEvents(limit: 9) { _, _ in StoreChange() }
            #expect(waiting.map(\.event.event.identity.id) == ["1", "2"])
            #expect(metrics.eventsReceived.value("kafka", "duplicate") == 1)
            #expect(metrics.eventsReceived.value("kafka", "malformed") == 2)
            #expect(metrics.eventsReceived.value("kafka", "conflict") == 1)
            #expect(metrics.deadLetters.value("idOfAnotherEvent") == 1)
            running.cancel()
            try await running.value
            await reader.close()
            await producer.close()
            await store.close()
            broker.close()
        }
    }

    @Test(.enabled(if: kafkaLibraryHas("zstd")))
    func aRecordThatCannotBeDecompressedLeavesALetterWithoutBytesAndIsPassedOver() async throws {
        try await withDirectory { directory in
            let broker = try EmbeddedBroker(partitions: 1)
            for topic in ["deploy.events", "canary.deadletter"] { try broker.createTopic(topic, partitions: 1) }
            let configuration = KafkaConfiguration.embedded(broker.bootstrapServers)
            let producer = try KafkaProducer(configuration: configuration, logger: logger)
            let attacker = try KafkaProducer(
                configuration: .embedded(
                    broker.bootstrapServers,
                    properties: ["compression.type": "zstd", "message.max.bytes": "200000000"]
                ),
                logger: logger
            )
            let bomb = [UInt8](repeating: 32, count: 120 << 20)
            _ = try await attacker.send(KafkaMessage(topic: "deploy.events", key: [1], value: bomb))
            await attacker.close()
            let (value, headers) = event("1")
            _ = try await producer.send(KafkaMessage(topic: "deploy.events", value: value, headers: headers))
            let store = try SQLiteStore(path: directory.appending(path: "s.db").path)
            let metrics = EngineMetrics(MetricRegistry())
            let work = WakeSignal()
            let intake = DeployTopicIntake(
                makeConsumer: { [logger] in
                    try KafkaConsumer(
                        configuration: configuration,
                        groupID: "assay",
                        topics: ["deploy.events"],
                        logger: logger
                    )
                },
                deadLetters: DeadLetterTopic(producer: producer, topic: "canary.deadletter", version: "1"),
                intake: Intake(
                    reader: EnvelopeReader(plans: PlanReader()),
                    store: store,
                    work: work,
                    metrics: metrics,
                    logger: logger
                ),
                clock: SystemClock(),
                metrics: metrics,
                logger: logger
            )
            let running = Task { try await intake.run() }
            let reader = try KafkaReader(
                configuration: configuration,
                topic: "canary.deadletter",
                from: .beginning,
                logger: logger
            )
            let letter = try #require(try await reader.next(timeout: .seconds(60)))
            #expect(letter.value == nil && letter.key == nil)
            #expect(letter.header("dlq.original.topic") == Array("deploy.events".utf8))
            #expect(letter.header("dlq.original.partition") == Array("0".utf8))
            #expect(letter.header("dlq.original.offset") == Array("0".utf8))
            #expect(letter.header("dlq.original.lastOffset") == Array("0".utf8))
            #expect(letter.header("dlq.error.class") == Array("unreadable".utf8))
            let clock = SystemClock()
            for _ in 0..<5 where metrics.eventsReceived.value("kafka", "accepted") < 1 {
                await work.wait(until: clock.now() + .seconds(10), clock: clock)
            }
            #expect(metrics.eventsReceived.value("kafka", "accepted") == 1)
            #expect(intake.statistics?.unreadableStretches == 1)
            running.cancel()
            try await running.value
            await reader.close()
            await producer.close()
            await store.close()
            broker.close()
        }
    }
}
