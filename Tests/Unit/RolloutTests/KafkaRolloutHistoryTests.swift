import EventFormats
import KafkaGateway
import Testing

@testable import Kafka
@testable import Rollout

/// A ledger that was not read to its end must not be taken for the whole.
@Suite(.timeLimit(.minutes(5)), .serialized) struct KafkaRolloutHistoryTests {
    private static let topic = "canary.rollouts"

    private func history(_ kafka: KafkaConfiguration, patience: Duration) -> KafkaRolloutHistory {
        KafkaRolloutHistory(configuration: kafka, topic: Self.topic, patience: patience, logger: Harness.silent)
    }

    private func store(_ count: Int, _ kafka: KafkaConfiguration) async throws {
        let producer = try KafkaProducer(configuration: kafka, logger: Harness.silent)
        for index in 0..<count { _ = try await producer.send(KafkaMessage(topic: Self.topic, value: [UInt8(index)])) }
        await producer.close()
    }

    private func code(_ read: () async throws -> Void) async -> KafkaError.Code? {
        do {
            try await read()
            return nil
        } catch {
            return (error as? KafkaError)?.code
        }
    }

    /// What was committed behind the beginning of an open transaction is hidden, and may be what was done last.
    @Test(.enabled(if: KafkaGateway.isPossible)) func anOpenTransactionIsWaitedFor() async throws {
        let gateway = try await KafkaGateway(.plaintext, topics: [Self.topic], rights: ["everything"])
        let kafka = KafkaConfiguration.embedded(gateway.address)
        try await store(3, kafka)
        try gateway.leaveTransactionsOpen(on: [Self.topic])
        let impatient = history(kafka, patience: .seconds(3))
        var read = 0
        #expect(await code { try await impatient.read { _ in read += 1 } } == .timedOut)

        try gateway.leaveTransactionsOpen(on: [])
        read = 0
        try await history(kafka, patience: .seconds(60)).read { _ in read += 1 }
        #expect(read == 3)
    }

    @Test func aSlowBrokerIsWaitedForLongerEachTime() async throws {
        let broker = try EmbeddedBroker(partitions: 1)
        defer { broker.close() }
        try broker.createTopic(Self.topic)
        let kafka = KafkaConfiguration.embedded(broker.bootstrapServers)
        try await store(3, kafka)
        broker.setRoundTrip(.seconds(5))
        let history = history(kafka, patience: .milliseconds(100))
        for _ in 0..<2 {
            #expect(
                await code { try await history.read { _ in Issue.record("nothing can have been read") } } == .timedOut
            )
        }
        broker.setRoundTrip(.zero)
        var read = 0
        // Each reading that took too long has doubled its patience.
        while await code({ try await history.read { _ in read += 1 } }) != nil { read = 0 }
        #expect(read == 3)
    }

    /// The broker says where the topic ends, and then gives nothing.
    @Test func aBrokerThatGivesNoRecordsIsNotTakenForAnEmptyTopic() async throws {
        let broker = try EmbeddedBroker(partitions: 1)
        defer { broker.close() }
        try broker.createTopic(Self.topic)
        let kafka = KafkaConfiguration.embedded(broker.bootstrapServers)
        try await store(3, kafka)
        broker.answer(.fetch, with: Array(repeating: .notLeader, count: 1000))
        let history = history(kafka, patience: .seconds(2))
        #expect(await code { try await history.read { _ in Issue.record("nothing can have been read") } } == .timedOut)
        broker.answerNormally(.fetch)
        var read = 0
        while await code({ try await history.read { _ in read += 1 } }) != nil { read = 0 }
        #expect(read == 3)
    }
}
