import EventFormats
import Kafka
import Synchronization
import Testing

@testable import Engine

@Suite struct DeadLetterTopicTests {
    private let letter = DeadLetter(
        origin: DeadLetter.Origin(topic: "t", partition: 1, offset: 2, timestampMilliseconds: nil),
        record: DeadLetter.Content(
            key: Array("k".utf8),
            value: [UInt8](repeating: 2, count: 500_000),
            headers: [EventHeader(name: "empty", value: nil)]
        ),
        reason: "badJSON",
        message: "It is no JSON."
    )

    /// Topics may accept less than brokers do by default.
    @Test func aTopicWithASmallerLimitGetsTheBeginning() async throws {
        let sent = Mutex<[KafkaMessage]>([])
        let topic = DeadLetterTopic(topic: "dead", version: "1") { message in
            sent.withLock { $0.append(message) }
            guard message.value?.count ?? 0 <= 100_000 else {
                throw KafkaError(code: .messageTooLarge, message: "too large")
            }
        }
        try await topic.setAside(letter)
        let messages = sent.withLock { $0 }
        #expect(messages.map { $0.value?.count } == [500_000, 16_384])
        #expect(messages.allSatisfy { $0.topic == "dead" && $0.key == Array("k".utf8) })
        #expect(messages.last?.headers.first == KafkaHeader(key: "empty", value: nil))
        #expect(messages.last?.headers.last?.key == "dlq.original.size")
    }

    @Test func otherFailuresAreThrown() async {
        let topic = DeadLetterTopic(topic: "dead", version: "1") { _ in
            throw KafkaError(code: .transport, message: "down", isRetriable: true)
        }
        await #expect(throws: KafkaError.self) { try await topic.setAside(letter) }
    }
}
