import Kafka
import Logging
import Testing

@Suite(.timeLimit(.minutes(5)), .serialized) struct KafkaGroupStartTests {
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func consumer(_ kafka: KafkaConfiguration, _ group: String) throws -> KafkaConsumer {
        try KafkaConsumer(configuration: kafka, groupID: group, topics: ["t"], logger: Self.logger)
    }

    private func send(_ bytes: [UInt8], _ kafka: KafkaConfiguration) async throws {
        let producer = try KafkaProducer(configuration: kafka, logger: Self.logger)
        for byte in bytes { _ = try await producer.send(KafkaMessage(topic: "t", key: [byte], value: [byte])) }
        await producer.close()
    }

    /// The values of the next records, whose offsets are stored.
    private func read(_ count: Int, _ consumer: KafkaConsumer) async throws -> [UInt8] {
        var values: [UInt8] = []
        while values.count < count, let batch = try await consumer.nextBatch() {
            values += batch.records.flatMap { $0.value ?? [] }
            try await consumer.store(batch)
        }
        await consumer.close()
        return values.sorted()
    }

    @Test func aNewGroupBeginsAtTheEndAndKeepsItsPlaceWithoutARecord() async throws {
        let broker = try EmbeddedBroker(partitions: 3)
        defer { broker.close() }
        try broker.createTopic("t")
        let kafka = KafkaConfiguration.embedded(broker.bootstrapServers)
        try await send([1, 2, 3, 4, 5, 6], kafka)
        let new = try await KafkaGroupStart.storeEnds(of: "t", group: "g", configuration: kafka, logger: Self.logger)
        #expect(new.count == 3)
        // Produced while no member runs; a second start must not pass it over.
        try await send([7, 8], kafka)
        let again = try await KafkaGroupStart.storeEnds(of: "t", group: "g", configuration: kafka, logger: Self.logger)
        #expect(again.isEmpty)
        #expect(try await read(2, try consumer(kafka, "g")) == [7, 8])
    }

    @Test func aGroupThatHasBegunGoesOnWhereItWas() async throws {
        let broker = try EmbeddedBroker(partitions: 1)
        defer { broker.close() }
        try broker.createTopic("t")
        let kafka = KafkaConfiguration.embedded(broker.bootstrapServers)
        try await send([1, 2], kafka)
        #expect(try await read(2, try consumer(kafka, "g")) == [1, 2])
        try await send([3], kafka)
        let new = try await KafkaGroupStart.storeEnds(of: "t", group: "g", configuration: kafka, logger: Self.logger)
        #expect(new.isEmpty)
    }

    @Test func aBrokerThatIsAwayIsAFailure() async throws {
        let kafka = KafkaConfiguration.embedded("127.0.0.1:1")
        await #expect(throws: KafkaError.self) {
            try await KafkaGroupStart.storeEnds(
                of: "t",
                group: "g",
                configuration: kafka,
                timeout: .milliseconds(500),
                logger: Self.logger
            )
        }
    }
}
