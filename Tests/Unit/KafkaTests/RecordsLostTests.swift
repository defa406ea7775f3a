import Testing

@testable import Kafka

/// The embedded broker keeps five mebibytes a partition: what is older is deleted, as by a topic's retention.
@Suite("Records that are deleted before they are read", .timeLimit(.minutes(5)))
struct RecordsLostTests {
    private func fill(_ topic: String, _ producer: KafkaProducer) async throws {
        // Nothing that could be compressed.
        let value = (0..<900_000).map { _ in UInt8.random(in: 0...255) }
        for _ in 0..<12 { _ = try await producer.send(KafkaMessage(topic: topic, value: value, partition: 0)) }
    }

    @Test("A group that was away too long counts what it has missed", arguments: ["range", "cooperative-sticky"])
    func away(strategy: String) async throws {
        let topic = try Shared.topic("lost")
        let group = Shared.group("lost")
        var configuration = try Shared.configuration(["partition.assignment.strategy": strategy])
        configuration.clients = KafkaClients()
        let log = LogCount()
        let producer = try KafkaProducer(configuration: configuration, logger: quiet)
        try await producer.send(["0", "1"], to: topic)
        let first = try KafkaConsumer(configuration: configuration, groupID: group, topics: [topic], logger: log.logger)
        _ = try await first.receive(2)
        #expect(first.statistics.lostRecords == 0)
        await first.close()
        try await self.fill(topic, producer)
        let second = try KafkaConsumer(
            configuration: configuration,
            groupID: group,
            topics: [topic],
            logger: log.logger
        )
        let next = try #require(try await second.receive(1).records.first)
        #expect(next.offset > 2)
        #expect(second.statistics.lostRecords == Int(next.offset) - 2)
        #expect(configuration.clients?.failures[.recordsLost] == 1)
        #expect(log.count(of: "Kafka is in trouble") == 1)
        await second.close()
        await producer.close()
    }

    @Test("So does one that paused for too long")
    func paused() async throws {
        let topic = try Shared.topic("lost-paused")
        let configuration = try Shared.configuration()
        let producer = try KafkaProducer(configuration: configuration, logger: quiet)
        try await producer.send(["0"], to: topic)
        let group = Shared.group("lost-paused")
        let consumer = try KafkaConsumer(configuration: configuration, groupID: group, topics: [topic], logger: quiet)
        _ = try await consumer.receive(1)
        consumer.pause()
        try await self.fill(topic, producer)
        try await self.fill(topic, producer)
        consumer.resume()
        let records = try await consumer.receive(5).records
        // What had been fetched ahead comes in order; the rest of the offsets is accounted for.
        let missing = zip(records, records.dropFirst()).reduce(Int64(0)) { $0 + ($1.1.offset - $1.0.offset - 1) }
        let before = (records.first?.offset ?? 1) - 1
        #expect(Int64(consumer.statistics.lostRecords) == missing + before)
        await consumer.close()
        await producer.close()
    }
}
