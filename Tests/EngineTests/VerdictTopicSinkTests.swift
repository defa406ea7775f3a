import Analysis
import Engine
import EventFormats
import Foundation
import Kafka
import Logging
import Store
import Testing

@Suite(.timeLimit(.minutes(2))) struct VerdictTopicSinkTests {
    private let now = EngineHarness.start
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func message(_ id: String, createdAt: Timestamp) throws -> OutboxMessage {
        let verdict = AnalysisSession.rejected(
            id: id,
            event: EngineHarness.event(id),
            status: .errored,
            reason: "r",
            receivedAt: now,
            at: createdAt
        ).verdict
        return try #require(OutboxComposer(sinks: [.verdicts]).decided(verdict).first)
    }

    private func ids(on broker: EmbeddedBroker) async throws -> [String] {
        let reader = try KafkaReader(
            configuration: .embedded(broker.bootstrapServers),
            topic: "canary.verdicts",
            from: .beginning,
            logger: logger
        )
        defer { Task { await reader.close() } }
        return try await reader.recordsUpToEnd(timeout: .seconds(30)).compactMap { record in
            record.header("ce_id").map { String(decoding: $0, as: UTF8.self) }
        }
    }

    @Test func whatAnEarlierProcessHasSentIsNotSentAgain() async throws {
        let broker = try EmbeddedBroker(partitions: 1)
        try broker.createTopic("canary.verdicts", partitions: 1)
        let configuration = KafkaConfiguration.embedded(broker.bootstrapServers)
        func sink(startedAt: Timestamp) throws -> (VerdictTopicSink, KafkaProducer) {
            let producer = try KafkaProducer(configuration: configuration, logger: logger)
            let history = VerdictTopicHistory(configuration: configuration, topic: "canary.verdicts", logger: logger)
            let sink = VerdictTopicSink(
                producer: producer,
                history: history,
                topic: "canary.verdicts",
                source: "/test",
                startedAt: startedAt,
                reportURL: { _ in nil }
            )
            return (sink, producer)
        }
        // Killed between the broker's acknowledgement and the note in the store.
        let (first, firstProducer) = try sink(startedAt: now - .seconds(60))
        _ = try await first.deliver(message("a", createdAt: now))
        await firstProducer.close()
        let (second, secondProducer) = try sink(startedAt: now + .seconds(60))
        _ = try await second.deliver(message("a", createdAt: now))
        _ = try await second.deliver(message("b", createdAt: now))
        _ = try await second.deliver(message("c", createdAt: now + .seconds(90)))
        await secondProducer.close()
        #expect(try await ids(on: broker).sorted() == ["a/final", "b/final", "c/final"])
        broker.close()
    }

    @Test func theKeyIsTheApplicationAndTheEventCanBeReadBack() async throws {
        let broker = try EmbeddedBroker(partitions: 1)
        try broker.createTopic("canary.verdicts", partitions: 1)
        let configuration = KafkaConfiguration.embedded(broker.bootstrapServers)
        let producer = try KafkaProducer(configuration: configuration, logger: logger)
        let sink = VerdictTopicSink(
            producer: producer,
            history: VerdictTopicHistory(configuration: configuration, topic: "canary.verdicts", logger: logger),
            topic: "canary.verdicts",
            source: "/test",
            startedAt: now,
            reportURL: { "https://assay/\($0.session)" }
        )
        _ = try await sink.deliver(message("a", createdAt: now))
        let reader = try KafkaReader(
            configuration: configuration,
            topic: "canary.verdicts",
            from: .beginning,
            logger: logger
        )
        let record = try #require(try await reader.next(timeout: .seconds(20)))
        #expect(record.key.map { String(decoding: $0, as: UTF8.self) } == "shop")
        let event = try CloudEventKafkaBinding.decode(
            value: record.value,
            headers: record.headers.map { EventHeader(name: $0.key, value: $0.value) }
        )
        #expect(try VerdictEvent.decode(event).id == "a/final")
        #expect(try VerdictEvent.reportURL(of: event) == "https://assay/a")
        await reader.close()
        await producer.close()
        broker.close()
    }
}
