package import Analysis
import EventFormats
import Foundation
package import Kafka
package import Store

/// Publishes verdicts on their Kafka topic, as CloudEvents in binary mode, keyed by application.
package struct VerdictTopicSink: MessageSink {
    package let sink = OutboxSink.verdicts
    private let producer: KafkaProducer
    private let history: VerdictTopicHistory
    private let topic: String
    private let source: String
    private let startedAt: Timestamp
    private let reportURL: @Sendable (Verdict) -> String?

    /// `source` is the CloudEvents source of the verdicts; `startedAt` is when this process began to deliver.
    package init(
        producer: KafkaProducer,
        history: VerdictTopicHistory,
        topic: String,
        source: String,
        startedAt: Timestamp,
        reportURL: @escaping @Sendable (Verdict) -> String?
    ) {
        self.producer = producer
        self.history = history
        self.startedAt = startedAt
        self.topic = topic
        self.source = source
        self.reportURL = reportURL
    }

    package func deliver(_ message: OutboxMessage) async throws(DeliveryFailure) -> String? {
        let verdict: Verdict
        do { verdict = try DomainJSON.decode(Verdict.self, from: Data(message.payload)) } catch {
            throw DeliveryFailure("the stored verdict cannot be read: \(error)", isTransient: false)
        }
        // A message that an earlier attempt or an earlier process may have sent is looked for before it is sent again.
        let mayHaveArrived = message.attempts > 0 || message.createdAt < startedAt
        if mayHaveArrived, try await history.contains(message.id, refresh: message.attempts > 0) { return nil }
        let event = VerdictEvent.encode(verdict, source: source, reportURL: reportURL(verdict))
        let (value, headers) = CloudEventKafkaBinding.binary(event)
        do {
            let delivery = try await producer.send(
                KafkaMessage(
                    topic: topic,
                    key: Array(message.key.utf8),
                    value: value,
                    headers: headers.map { KafkaHeader(key: $0.name, value: $0.value) }
                )
            )
            return "\(delivery.topic)/\(delivery.partition)/\(delivery.offset)"
        } catch {
            // A verdict is never given up: whatever is wrong with the broker can be mended.
            throw DeliveryFailure("Kafka: \(error)", isTransient: true)
        }
    }
}
