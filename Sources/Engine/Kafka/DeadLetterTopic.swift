package import EventFormats
package import Kafka

/// Sets records aside on a Kafka topic.
package struct DeadLetterTopic: DeadLetters {
    /// What is kept of a record that is too large for the topic; a topic that does not accept as much is misconfigured.
    static let leastBytes = 65_536

    private let topic: String
    private let version: String
    private let send: @Sendable (KafkaMessage) async throws -> Void

    /// `send` returns once the message is durable.
    init(topic: String, version: String, send: @escaping @Sendable (KafkaMessage) async throws -> Void) {
        self.topic = topic
        self.version = version
        self.send = send
    }

    package init(producer: KafkaProducer, topic: String, version: String) {
        self.init(topic: topic, version: version) { _ = try await producer.send($0) }
    }

    package func setAside(_ letter: DeadLetter) async throws {
        do {
            try await send(message(letter.content(version: version)))
        } catch let error as KafkaError where error.code == .messageTooLarge {
            // The topic has a smaller limit of its own.
            try await send(message(letter.content(version: version, maximumBytes: Self.leastBytes)))
        }
    }

    private func message(_ content: DeadLetter.Content) -> KafkaMessage {
        KafkaMessage(
            topic: topic,
            key: content.key,
            value: content.value,
            headers: content.headers.map { KafkaHeader(key: $0.name, value: $0.value) }
        )
    }
}
