package import Analysis
package import Kafka
package import Store
import StoredFormats

/// Publishes verdicts on their Kafka topic, as CloudEvents in binary mode, keyed by application.
package struct VerdictTopicSink: MessageSink {
    package let sink = OutboxSink.verdicts
    package let batch = 256
    private let verdicts: any VerdictTopic
    private let name: String
    private let records: VerdictRecords

    /// `name` is the same for all replicas that share a store, and no others: with the number of a shard it is the
    /// transactional id that a shard's verdicts are published under.
    package init(verdicts: any VerdictTopic, name: String, records: VerdictRecords) {
        self.verdicts = verdicts
        self.name = name
        self.records = records
    }

    package func startDelivery(_ lease: ShardLease, at takenAt: Timestamp) -> any ShardDelivery {
        VerdictShardDelivery(
            verdicts: verdicts,
            name: "assay-verdicts-\(name)-\(lease.shard)",
            records: records,
            takenAt: takenAt
        )
    }
}

/// How a message becomes a record: its content as it is, on the configured topic.
package struct VerdictRecords: Sendable {
    private let topic: String
    private let encoding: VerdictMessageEncoding

    /// `encoding` is for messages that version 0.1.0 wrote, which have no content yet.
    package init(topic: String, encoding: VerdictMessageEncoding) {
        self.topic = topic
        self.encoding = encoding
    }

    /// The record has the message's time, so that it can be found by it whatever the clock of its publisher says.
    package func record(of message: OutboxMessage) throws(DeliveryFailure) -> KafkaMessage {
        let content = try encoding.content(of: message, as: VerdictMessageEncoding.record)
        return KafkaMessage(
            topic: topic,
            key: Array(
                (content.headers.first { $0.name == VerdictMessageEncoding.recordKey }?.value ?? message.key).utf8
            ),
            value: content.body,
            headers: content.headers.filter { $0.name != VerdictMessageEncoding.recordKey }.map {
                KafkaHeader(key: $0.name, value: Array($0.value.utf8))
            },
            timestampMilliseconds: message.createdAt.milliseconds
        )
    }
}
