import Foundation
import Processes
import Testing

@testable import Kafka

private let kcat = Program.find("kcat")

@Suite("Embedded broker", .timeLimit(.minutes(5)))
struct EmbeddedBrokerTests {
    @Test("Another process produces into it and consumes from it", .enabled(if: kcat != nil, "kcat is not installed"))
    func otherProcess() async throws {
        let kcat = try #require(kcat)
        let topic = try Shared.topic("kcat")
        let servers = try Shared.broker.get().bootstrapServers
        let produced = try await Program.run(
            kcat,
            ["-P", "-b", servers, "-t", topic, "-K", "=", "-H", "ce_id=1"],
            input: Data("shop=from kcat\n".utf8)
        )
        #expect(produced.status == 0)
        let consumer = try KafkaConsumer(
            configuration: Shared.configuration(),
            groupID: Shared.group("kcat"),
            topics: [topic],
            logger: quiet
        )
        let records = try await consumer.receive(1).records
        #expect(records.map(\.text) == ["from kcat"])
        #expect(records.first?.key == [UInt8](text: "shop"))
        #expect(records.first?.headers == [KafkaHeader(key: "ce_id", value: [UInt8](text: "1"))])
        await consumer.close()

        let producer = try KafkaProducer(configuration: Shared.configuration(), logger: quiet)
        _ = try await producer.send(
            KafkaMessage(
                topic: topic,
                key: [UInt8](text: "k"),
                value: [UInt8](text: "to kcat"),
                headers: [KafkaHeader(key: "h", value: [UInt8](text: "v"))]
            )
        )
        await producer.close()
        let consumed = try await Program.run(
            kcat,
            ["-C", "-b", servers, "-t", topic, "-o", "1", "-c", "1", "-f", "%k|%s|%h"]
        )
        #expect(consumed.status == 0)
        #expect(consumed.output == "k|to kcat|h=v")
    }

    @Test("Topics are created once, and only with names Kafka allows")
    func topics() throws {
        let broker = try EmbeddedBroker()
        #expect(broker.bootstrapServers.hasPrefix("127.0.0.1:"))
        try broker.createTopic("twice", partitions: 2)
        try broker.createTopic("twice", partitions: 2)
        #expect(throws: KafkaError.self) { try broker.createTopic("no spaces") }
        #expect(throws: KafkaError.self) { try broker.createTopic("many", partitions: 0) }
        broker.close()
        broker.close()
        #expect(throws: KafkaError.closed("broker")) { try broker.createTopic("late") }
    }

    @Test("Topics that exist are found, the others created")
    func ensureTopics() async throws {
        let topic = try Shared.topic("there", partitions: 3)
        let fresh = Shared.group("fresh")
        let outcomes = try await KafkaAdmin.ensureTopics(
            [KafkaTopic(topic), KafkaTopic(fresh)],
            configuration: Shared.configuration(),
            logger: quiet
        )
        #expect(outcomes[topic] == .exists(partitions: 3))
        // The embedded broker of older libraries creates what is looked up.
        #expect([.exists(partitions: 4), .created].contains(outcomes[fresh]))
        #expect(outcomes.count == 2)
    }

    @Test("Without brokers looking for topics ends in time")
    func noBroker() async throws {
        let error = await #expect(throws: KafkaError.self) {
            try await KafkaAdmin.ensureTopics(
                [KafkaTopic("t")],
                configuration: KafkaConfiguration(brokers: "127.0.0.1:1"),
                timeout: .milliseconds(300),
                logger: quiet
            )
        }
        #expect(error?.isRetriable == true)
    }
}
