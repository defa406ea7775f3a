import CoreMetrics
package import Engine
import Kafka
package import Telemetry

/// What `assay serve` exports beside what every process does.
package struct ServiceMetrics: Sendable {
    package let engine: EngineMetrics
    package let intake: ConsumerMetrics
    package let database: DatabaseMetrics

    package init(_ registry: MetricRegistry) {
        engine = EngineMetrics(registry)
        intake = ConsumerMetrics(topic: "deploy", in: registry)
        database = DatabaseMetrics(registry)
    }

    /// Shows what libraries count in this process' registry. To be called once in a process.
    package static func bootstrapLibraries(onto registry: MetricRegistry) {
        MetricsSystem.bootstrap(LibraryMetrics(registry))
    }

    /// What every process exports.
    package static func registerProcess(in registry: MetricRegistry) {
        ProcessMetrics.register(in: registry)
        LogMetrics.register(in: registry)
        registry.gauge("assay_build_info", "The version that runs; always 1.", labels: ("version", "librdkafka"))
            .set(1, ProgramVersion.current, kafkaLibraryVersion())
    }
}
