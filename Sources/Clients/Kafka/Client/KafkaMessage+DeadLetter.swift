extension KafkaMessage {
    /// What fits a topic with the limits that brokers and librdkafka have by default (1 MB), with room for the batch.
    package static let maximumDeadLetterBytes = 900_000

    /// A record that cannot be used, set aside: key, value and headers as they were, `added` after them.
    ///
    /// Where the whole would not fit, the beginnings of value and key and the first headers are kept, each up to a
    /// quarter of `maximumBytes`, and `dlq.original.size` says how large the record was (key, value and headers): a
    /// record that could not be set aside would hold up everything behind it.
    package static func deadLetter(
        _ record: KafkaRecord,
        topic: String,
        added: [(name: String, value: String)],
        maximumBytes: Int = maximumDeadLetterBytes
    ) -> KafkaMessage {
        let size = record.headers.reduce((record.key?.count ?? 0) + (record.value?.count ?? 0)) { $0 + $1.bytes }
        var message = KafkaMessage(topic: topic, key: record.key, value: record.value, headers: record.headers)
        if size > maximumBytes {
            let share = maximumBytes / 4
            message.key = record.key.map { Array($0.prefix(share)) }
            message.value = record.value.map { Array($0.prefix(share)) }
            var left = share
            message.headers = Array(
                record.headers.prefix { header in
                    left -= header.bytes
                    return left >= 0
                }
            )
        }
        message.headers += added.map { KafkaHeader(key: $0.name, value: Array($0.value.utf8)) }
        if let original = record.oversize ?? (size > maximumBytes ? size : nil) {
            message.headers.append(KafkaHeader(key: "dlq.original.size", value: Array("\(original)".utf8)))
        }
        return message
    }
}

extension KafkaHeader {
    fileprivate var bytes: Int { key.utf8.count + (value?.count ?? 0) }
}
