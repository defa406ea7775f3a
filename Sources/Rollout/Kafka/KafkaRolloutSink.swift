package import Kafka

/// Rollout events and dead letters, produced to Kafka.
package struct KafkaRolloutSink: RolloutSink {
    private let producer: KafkaProducer

    package init(producer: KafkaProducer) {
        self.producer = producer
    }

    package func send(_ message: KafkaMessage) async throws {
        _ = try await producer.send(message)
    }
}
