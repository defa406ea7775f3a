package import Kafka

/// Where records go that cannot be read.
package protocol DeadLetters: Sendable {
    /// Returns when the record is durable there.
    func send(_ record: KafkaRecord, reason: String, message: String) async throws
}

/// Keeps records that cannot be read: the original key, bytes and headers, with their place and the reason.
package struct DeadLetterTopic: DeadLetters {
    /// What is kept of a record that is too large for the topic; a topic that does not take as much is misconfigured.
    static let leastBytes = 65_536

    private let producer: KafkaProducer
    private let topic: String
    private let version: String

    package init(producer: KafkaProducer, topic: String, version: String) {
        self.producer = producer
        self.topic = topic
        self.version = version
    }

    package func send(_ record: KafkaRecord, reason: String, message: String) async throws {
        let added = [
            (name: "dlq.original.topic", value: record.topic), ("dlq.original.partition", "\(record.partition)"),
            ("dlq.original.offset", "\(record.offset)"),
            ("dlq.original.timestamp", record.timestampMilliseconds.map { "\($0)" } ?? ""),
            ("dlq.error.class", reason), ("dlq.error.message", String(message.prefix(1000))),
            ("dlq.service.version", version),
        ]
        do {
            _ = try await producer.send(.deadLetter(record, topic: topic, added: added))
        } catch let error as KafkaError where error.code == .messageTooLarge {
            // The topic has a smaller limit of its own.
            let maximum = Self.leastBytes
            _ = try await producer.send(.deadLetter(record, topic: topic, added: added, maximumBytes: maximum))
        }
    }
}
