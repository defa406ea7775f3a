import Engine
import Kafka
import Telemetry

/// What `assay serve` exports beside what every process does.
enum ServiceMetrics {
    static func register(in registry: MetricRegistry) -> EngineMetrics {
        registry.gauge("assay_build_info", "The version that runs; always 1.", labels: ["version", "librdkafka"])
            .set(1, Assay.version, kafkaLibraryVersion())
        return EngineMetrics(registry)
    }
}
