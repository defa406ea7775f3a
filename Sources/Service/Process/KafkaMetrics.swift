package import Telemetry

/// What every process that consumes a topic exports about Kafka.
package enum KafkaMetrics {
    package static func register(in registry: MetricRegistry) -> Gauge<NoLabels> {
        registry.gauge(
            "assay_kafka_up",
            "1 while the consumer of this process has its place in its group, 0 otherwise."
        )
    }
}
