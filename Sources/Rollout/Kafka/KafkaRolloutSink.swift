package import Analysis
package import EventFormats
package import Kafka

/// Rollout events, produced to Kafka with the application as key.
package struct KafkaRolloutSink: RolloutSink {
    private let producer: KafkaProducer
    private let topic: String

    package init(producer: KafkaProducer, topic: String) {
        self.producer = producer
        self.topic = topic
    }

    package func store(_ event: CloudEvent, of release: ReleaseIdentity) async throws {
        _ = try await producer.send(Self.message(event, of: release, topic: topic))
    }

    package static func message(_ event: CloudEvent, of release: ReleaseIdentity, topic: String) -> KafkaMessage {
        let (value, headers) = CloudEventKafkaBinding.binary(event)
        return KafkaMessage(
            topic: topic,
            key: Array(release.application.utf8),
            value: value,
            headers: headers.map { KafkaHeader(key: $0.name, value: $0.value) }
        )
    }
}
