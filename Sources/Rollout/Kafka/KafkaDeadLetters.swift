package import Kafka

/// The topic of records that are no verdicts: key, value and headers as they were while they fit, where a record came
/// from and why it is there added.
package struct KafkaDeadLetters: Sendable {
    private let topic: String
    private let serviceVersion: String
    private let produce: @Sendable (KafkaMessage) async throws -> Void

    /// - Parameter produce: returns once the message is stored.
    package init(
        topic: String,
        serviceVersion: String,
        produce: @escaping @Sendable (KafkaMessage) async throws -> Void
    ) {
        self.topic = topic
        self.serviceVersion = serviceVersion
        self.produce = produce
    }

    package init(topic: String, serviceVersion: String, producer: KafkaProducer) {
        self.init(topic: topic, serviceVersion: serviceVersion) { _ = try await producer.send($0) }
    }

    func send(_ record: KafkaRecord, errorClass: String, error: String) async throws {
        var added: [(name: String, value: String)] = [
            ("dlq.original.topic", record.topic),
            ("dlq.original.partition", String(record.partition)),
            ("dlq.original.offset", String(record.offset)),
            ("dlq.error.class", errorClass),
            ("dlq.error.message", String(error.prefix(1024))),
            ("dlq.attempt", "1"),
            ("dlq.service.version", serviceVersion),
        ]
        if let timestamp = record.timestampMilliseconds { added.append(("dlq.original.timestamp", String(timestamp))) }
        try await produce(.deadLetter(record, topic: topic, added: added))
    }
}
