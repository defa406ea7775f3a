package import Kafka

/// Keeps records that cannot be read: the original key, bytes and headers, with where they stood and why.
package struct DeadLetterTopic: Sendable {
    /// What is kept of a record that is too large for the topic.
    static let keptBytes = 262_144

    private let producer: KafkaProducer
    private let topic: String
    private let version: String

    package init(producer: KafkaProducer, topic: String, version: String) {
        self.producer = producer
        self.topic = topic
        self.version = version
    }

    /// Returns when the record is durable.
    package func send(_ record: KafkaRecord, reason: String, message: String) async throws {
        var headers = record.headers
        if let size = record.oversize {
            headers.append(KafkaHeader(key: "dlq.original.size", value: Array("\(size)".utf8)))
        }
        for (name, value) in [
            ("dlq.original.topic", record.topic), ("dlq.original.partition", "\(record.partition)"),
            ("dlq.original.offset", "\(record.offset)"),
            ("dlq.original.timestamp", record.timestampMilliseconds.map { "\($0)" } ?? ""),
            ("dlq.error.class", reason), ("dlq.error.message", String(message.prefix(1000))),
            ("dlq.service.version", version),
        ] {
            headers.append(KafkaHeader(key: name, value: Array(value.utf8)))
        }
        do {
            _ = try await producer.send(
                KafkaMessage(topic: topic, key: record.key, value: record.value, headers: headers)
            )
        } catch let error as KafkaError where error.code == .messageTooLarge {
            // With the headers it no longer fits: its beginning is kept, and how long it was.
            headers.append(KafkaHeader(key: "dlq.original.size", value: Array("\(record.value?.count ?? 0)".utf8)))
            let beginning = record.value.map { Array($0.prefix(Self.keptBytes)) }
            _ = try await producer.send(
                KafkaMessage(topic: topic, key: record.key, value: beginning, headers: headers)
            )
        }
    }
}
