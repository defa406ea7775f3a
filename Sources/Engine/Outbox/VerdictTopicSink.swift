package import Analysis
import EventFormats
import Foundation
package import Kafka
package import Store

/// Publishes verdicts on their Kafka topic, as CloudEvents in binary mode, keyed by application.
package struct VerdictTopicSink: MessageSink {
    package let sink = OutboxSink.verdicts
    package let batch = 256
    private let verdicts: any VerdictTopic
    private let name: String
    private let encoding: VerdictRecordEncoding

    /// `name` is the same for all replicas that share a store, and no others: with the number of a shard it is the
    /// transactional id that a shard's verdicts are published under.
    package init(verdicts: any VerdictTopic, name: String, encoding: VerdictRecordEncoding) {
        self.verdicts = verdicts
        self.name = name
        self.encoding = encoding
    }

    package func take(_ lease: ShardLease, at takenAt: Timestamp) -> any ShardDelivery {
        VerdictShardDelivery(
            verdicts: verdicts,
            name: "assay-verdicts-\(name)-\(lease.shard)",
            encoding: encoding,
            takenAt: takenAt
        )
    }
}

/// How a stored verdict becomes a record.
package struct VerdictRecordEncoding: Sendable {
    private let topic: String
    private let source: String
    private let reportURL: @Sendable (Verdict) -> String?

    /// `source` is the CloudEvents source of the verdicts.
    package init(topic: String, source: String, reportURL: @escaping @Sendable (Verdict) -> String?) {
        self.topic = topic
        self.source = source
        self.reportURL = reportURL
    }

    /// The record has the message's time, so that it can be found by it whatever the clock of its publisher says.
    package func record(of message: OutboxMessage) throws(DeliveryFailure) -> KafkaMessage {
        let verdict: Verdict
        do { verdict = try DomainJSON.decode(Verdict.self, from: Data(message.payload)) } catch {
            throw DeliveryFailure("the stored verdict cannot be read: \(error)", isTransient: false)
        }
        let event = RetryMessage.marked(
            VerdictEvent.encode(verdict, source: source, reportURL: reportURL(verdict)),
            message.id
        )
        let (value, headers) = CloudEventKafkaBinding.binary(event)
        return KafkaMessage(
            topic: topic,
            key: Array(verdict.application.utf8),
            value: value,
            headers: headers.map { KafkaHeader(key: $0.name, value: $0.value) },
            timestampMilliseconds: message.createdAt.milliseconds
        )
    }
}
