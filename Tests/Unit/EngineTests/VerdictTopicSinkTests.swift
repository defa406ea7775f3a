import Analysis
import Engine
import EventFormats
import Foundation
import Kafka
import Logging
import Store
import Testing

@Suite(.timeLimit(.minutes(5))) struct VerdictTopicSinkTests {
    private let now = EngineHarness.start
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func encoding(url: String?) -> VerdictMessageEncoding {
        VerdictMessageEncoding(source: "/test", reportURL: { verdict in url.map { "\($0)/\(verdict.session)" } })
    }

    private func message(_ id: String, createdAt: Timestamp, url: String? = nil) throws -> OutboxMessage {
        let verdict = AnalysisSession.rejected(
            id: id,
            event: EngineHarness.event(id),
            ending: .noPlan("none matches"),
            receivedAt: now,
            at: createdAt
        ).verdict
        return try #require(OutboxComposer(sinks: [.verdicts], encoding: encoding(url: url)).decided(verdict).first)
    }

    private func ids(on broker: EmbeddedBroker) async throws -> [String] {
        let reader = try KafkaReader(
            configuration: .embedded(broker.bootstrapServers),
            topic: "canary.verdicts",
            from: .beginning,
            logger: logger
        )
        defer { Task { await reader.close() } }
        return try await reader.recordsUpToEnd(timeout: .seconds(60)).compactMap { record in
            record.header("ce_id").map { String(decoding: $0, as: UTF8.self) }
        }
    }

    private func sink(_ configuration: KafkaConfiguration, url: String? = nil) -> VerdictTopicSink {
        VerdictTopicSink(
            verdicts: KafkaVerdictTopic(configuration: configuration, topic: "canary.verdicts", logger: logger),
            name: "test",
            records: VerdictRecords(topic: "canary.verdicts", encoding: encoding(url: url))
        )
    }

    private func lease(fence: Int64) -> ShardLease {
        ShardLease(sink: .verdicts, shard: 0, fence: fence, until: now + .seconds(600))
    }

    @Test func whatAnEarlierOwnerHasSentIsNotSentAgain() async throws {
        let broker = try EmbeddedBroker(partitions: 1)
        try broker.createTopic("canary.verdicts", partitions: 1)
        let sink = sink(.embedded(broker.bootstrapServers))
        // Killed between the broker's acknowledgement and the note in the store.
        let first = sink.startDelivery(lease(fence: 1), at: now - .seconds(60))
        let a = try message("a", createdAt: now)
        #expect(await first.deliver([a]).map(\.succeeded) == [true])
        let second = sink.startDelivery(lease(fence: 2), at: now + .seconds(60))
        let b = try message("b", createdAt: now)
        let c = try message("c", createdAt: now + .seconds(90))
        #expect(await second.deliver([a, b]).map(\.succeeded) == [true, true])
        #expect(await second.deliver([c]).map(\.succeeded) == [true])
        await first.close()
        await second.close()
        #expect(try await ids(on: broker).sorted() == ["a/final", "b/final", "c/final"])
        broker.close()
    }

    @Test func theKeyIsTheApplicationAndTheEventCanBeReadBack() async throws {
        let broker = try EmbeddedBroker(partitions: 1)
        try broker.createTopic("canary.verdicts", partitions: 1)
        let configuration = KafkaConfiguration.embedded(broker.bootstrapServers)
        let delivery = sink(configuration, url: "https://assay").startDelivery(lease(fence: 1), at: now)
        let message = try message("a", createdAt: now, url: "https://assay")
        #expect(await delivery.deliver([message]).map(\.succeeded) == [true])
        await delivery.close()
        let reader = try KafkaReader(
            configuration: configuration,
            topic: "canary.verdicts",
            from: .beginning,
            logger: logger
        )
        let record = try #require(try await reader.next(timeout: .seconds(60)))
        #expect(record.key.map { String(decoding: $0, as: UTF8.self) } == "shop")
        #expect(record.timestampMilliseconds == now.milliseconds)
        let event = try CloudEventKafkaBinding.decode(
            value: record.value,
            headers: record.headers.map { EventHeader(name: $0.key, value: $0.value) }
        )
        #expect(try VerdictEvent.decode(event).id == "a/final")
        #expect(try VerdictEvent.reportURL(of: event) == "https://assay/a")
        await reader.close()
        broker.close()
    }
}

extension DeliveryResult {
    fileprivate var succeeded: Bool {
        if case .success = outcome { true } else { false }
    }
}
