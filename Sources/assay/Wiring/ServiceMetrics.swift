import Engine
import Kafka
import Telemetry

/// What `assay serve` exports beside what every process does.
struct ServiceMetrics: Sendable {
    let engine: EngineMetrics
    let intake: ConsumerMetrics
    let database: DatabaseMetrics

    init(_ registry: MetricRegistry) {
        engine = EngineMetrics(registry)
        intake = ConsumerMetrics(topic: "deploy", in: registry)
        database = DatabaseMetrics(registry)
    }

    /// What every process exports.
    static func registerProcess(in registry: MetricRegistry) {
        ProcessMetrics.register(in: registry)
        registry.gauge("assay_build_info", "The version that runs; always 1.", labels: ["version", "librdkafka"])
            .set(1, Assay.version, kafkaLibraryVersion())
    }
}
