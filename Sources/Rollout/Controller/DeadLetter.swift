import Kafka

/// A record that is no verdict, set aside: key, value and headers untouched, where it came from and why added.
enum DeadLetter {
    static func message(
        _ record: KafkaRecord,
        topic: String,
        errorClass: String,
        error: String,
        serviceVersion: String
    ) -> KafkaMessage {
        var added = [
            ("dlq.original.topic", record.topic),
            ("dlq.original.partition", String(record.partition)),
            ("dlq.original.offset", String(record.offset)),
            ("dlq.error.class", errorClass),
            ("dlq.error.message", String(error.prefix(1024))),
            ("dlq.attempt", "1"),
            ("dlq.service.version", serviceVersion),
        ]
        if let timestamp = record.timestampMilliseconds { added.append(("dlq.original.timestamp", String(timestamp))) }
        if let size = record.oversize { added.append(("dlq.original.size", String(size))) }
        return KafkaMessage(
            topic: topic,
            key: record.key,
            value: record.value,
            headers: record.headers + added.map { KafkaHeader(key: $0.0, value: Array($0.1.utf8)) }
        )
    }
}
