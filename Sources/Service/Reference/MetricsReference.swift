import Rollout
import Telemetry
import Web

/// Every exported metric as Markdown tables: what `assay metrics` prints and the documentation shows.
package enum MetricsReference {
    package static var markdown: String {
        let service = MetricRegistry()
        _ = ServiceMetrics(service)
        _ = PlanWatch.Metrics(service)
        _ = WebMetrics(service)
        let rollout = MetricRegistry()
        _ = RolloutMetrics(RolloutStatistics(), in: rollout)
        let process = MetricRegistry()
        ServiceMetrics.registerProcess(in: process)
        _ = KafkaMetrics.register(in: process)
        SecretWatch.register(in: process)
        KafkaClientWatch.register(in: process)
        return [("`serve`", service), ("`rollout`", rollout), ("Both", process)]
            .map { title, registry in "### \(title)\n\n\(table(registry))" }
            .joined(separator: "\n\n")
    }

    private static func table(_ registry: MetricRegistry) -> String {
        let head = ["| metric | type | labels | meaning |", "| --- | --- | --- | --- |"]
        return (head + registry.registered.map(row)).joined(separator: "\n")
    }

    private static func row(_ metric: MetricFamily) -> String {
        let labels = metric.labelNames.map { "`\($0)`" }.joined(separator: ", ")
        return "| `\(metric.name)` | \(metric.kind.rawValue) | \(labels) | \(metric.help) |"
    }
}
