import Kafka

/// A record that is no verdict, set aside: key, value and headers as they were while they fit, where it came from and
/// why added.
enum DeadLetter {
    static func message(
        _ record: KafkaRecord,
        topic: String,
        errorClass: String,
        error: String,
        serviceVersion: String
    ) -> KafkaMessage {
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
        return .deadLetter(record, topic: topic, added: added)
    }
}
