import Logging
import Testing

@testable import Kafka

/// The embedded broker keeps batches as they were sent.
@Suite("Batches that can't be read", .timeLimit(.minutes(5)))
struct UnreadableBatchTests {
    /// A producer that sends what others refuse to.
    private func attacker(_ codec: String) throws -> KafkaProducer {
        try KafkaProducer(
            configuration: Shared.configuration(["compression.type": codec, "message.max.bytes": "200000000"]),
            logger: quiet
        )
    }

    private func consumer(_ topic: String, _ clients: KafkaClients, logger: Logger = quiet) throws -> KafkaConsumer {
        var configuration = try Shared.configuration()
        configuration.clients = clients
        return try KafkaConsumer(
            configuration: configuration,
            groupID: Shared.group("poison"),
            topics: [topic],
            logger: logger
        )
    }

    private func producer() throws -> KafkaProducer {
        try KafkaProducer(configuration: Shared.configuration(), logger: quiet)
    }

    private static let kinds: [String: RawBatch] = [
        "an unknown codec": RawBatch(codec: 7, payload: [1, 2, 3]),
        "zstd that is none": RawBatch(codec: 4, payload: Array("rubbish".utf8)),
        "gzip that is none": RawBatch(codec: 1, records: 5, payload: Array("rubbish".utf8)),
        "a wrong checksum": RawBatch(records: 3, payload: [1, 2, 3], hasChecksum: false),
    ]

    @Test(
        "A zstd bomb is passed over, and what comes behind it is read",
        .enabled(if: NativeLibrary.features.contains("zstd"))
    )
    func zstdBomb() async throws {
        let topic = try Shared.topic("zstd-bomb")
        let clients = KafkaClients()
        let good = try self.producer()
        let bad = try self.attacker("zstd")
        try await good.send(["0"], to: topic)
        let bomb = [UInt8](repeating: 32, count: 120 << 20)
        for _ in 0..<2 { _ = try await bad.send(KafkaMessage(topic: topic, value: bomb, partition: 0)) }
        try await good.send(["3"], to: topic)
        let log = LogCount()
        let consumer = try self.consumer(topic, clients, logger: log.logger)
        let (records, _) = try await consumer.receive(4)
        #expect(records.map(\.offset) == [0, 1, 2, 3])
        #expect(records.map(\.text) == ["0", nil, nil, "3"])
        #expect(records.map { $0.unreadable?.end } == [nil, 2, 3, nil])
        #expect(records[1].unreadable?.reason.contains("Decompression") == true)
        #expect(consumer.statistics.unreadableStretches == 2)
        #expect(clients.failures[.unreadable] == 2)
        #expect(log.count(of: "Kafka is in trouble") == 1)
        await consumer.close()
        await bad.close()
        await good.close()
    }

    @Test("So is everything else that is no batch", arguments: kinds.keys.sorted())
    func rubbish(kind: String) async throws {
        let topic = try Shared.topic("rubbish")
        let good = try self.producer()
        let broker = try Shared.broker.get()
        let batch = try #require(Self.kinds[kind])
        try await good.send(["0"], to: topic)
        try await batch.send(to: topic, broker: broker)
        try await good.send(["good"], to: topic)
        // The last that there is.
        try await batch.send(to: topic, broker: broker)
        let end = Int64(batch.records * 2 + 2)
        let consumer = try self.consumer(topic, KafkaClients())
        var records: [KafkaRecord] = []
        while (records.last?.end ?? 0) < end, let more = try await consumer.nextBatch() {
            records += more.records
            try await consumer.store(more)
        }
        #expect(records.compactMap(\.text) == ["0", "good"])
        #expect(records.map(\.offset) == [0, 1, Int64(1 + batch.records), Int64(2 + batch.records)])
        #expect(records.last?.unreadable != nil && records.last?.end == end)
        await consumer.close()
        await good.close()
    }

    @Test("A member that goes on in the middle of a bad batch, and one that comes after it, read the same")
    func restart() async throws {
        let topic = try Shared.topic("bad-restart")
        let good = try self.producer()
        let configuration = try Shared.configuration()
        let group = Shared.group("bad-restart")
        try await RawBatch(codec: 4, records: 20, payload: [0]).send(to: topic, broker: Shared.broker.get())
        let first = try KafkaConsumer(configuration: configuration, groupID: group, topics: [topic], logger: quiet)
        let stretch = try #require(try await first.nextBatch())
        #expect(stretch.records.first?.offset == 0 && stretch.records.first?.end == 20)
        try await first.store(stretch)
        await first.close()
        try await good.send(["20", "21"], to: topic)
        let second = try KafkaConsumer(configuration: configuration, groupID: group, topics: [topic], logger: quiet)
        let next = try await second.receive(2).records
        #expect(next.map(\.offset) == [20, 21])
        await second.close()
        let reader = try KafkaReader(
            configuration: configuration,
            topic: topic,
            from: .resume(from: [KafkaPartition(topic: topic, partition: 0): 7], time: nil),
            logger: quiet
        )
        let rest = try await reader.recordsUpToEnd(timeout: .seconds(60))
        #expect(rest.map(\.offset) == [7, 20, 21] && rest.first?.end == 20)
        await reader.close()
        await good.close()
    }

    @Test("A reader passes them over too, and reaches the end")
    func reader() async throws {
        let topic = try Shared.topic("bad-reader", partitions: 2)
        let good = try self.producer()
        try await good.send(["0", "1"], to: topic, partitions: 2)
        try await RawBatch(codec: 4, records: 7, payload: [0]).send(to: topic, broker: Shared.broker.get())
        let reader = try KafkaReader(
            configuration: Shared.configuration(),
            topic: topic,
            from: .beginning,
            logger: quiet
        )
        let records = try await reader.recordsUpToEnd(timeout: .seconds(60))
        #expect(Set(records.compactMap(\.text)) == ["0", "1"])
        #expect(records.compactMap { $0.unreadable?.end } == [8])
        #expect(reader.statistics.unreadableStretches == 1)
        await reader.close()
        await good.close()
    }

    @Test("A gzip bomb is one record, of which the beginning is kept")
    func gzipBomb() async throws {
        let topic = try Shared.topic("gzip-bomb")
        let good = try self.producer()
        let bad = try self.attacker("gzip")
        let bomb = [UInt8](repeating: 32, count: 64 << 20)
        _ = try await bad.send(KafkaMessage(topic: topic, value: bomb, partition: 0))
        try await good.send(["1"], to: topic)
        let consumer = try self.consumer(topic, KafkaClients())
        let records = try await consumer.receive(2).records
        #expect(records[0].oversize == bomb.count && records[0].value?.count == NativeMessage.keptBytes)
        #expect(records[1].text == "1")
        await consumer.close()
        await bad.close()
        await good.close()
    }
}
