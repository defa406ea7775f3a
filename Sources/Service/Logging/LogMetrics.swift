package import Telemetry

/// What became of log lines that were not written.
package enum LogMetrics {
    package static func register(in registry: MetricRegistry, of writer: LogWriter = StandardError.writer) {
        let dropped = registry.counter(
            "assay_log_lines_dropped_total",
            "Log lines that were not written: they were not read as fast as they came (full), or could not be written"
                + " (failed).",
            labels: "reason",
            startingWith: [["full"], ["failed"]]
        )
        registry.onRender {
            let now = writer.dropped
            dropped.set(total: Double(now.full), "full")
            dropped.set(total: Double(now.failed), "failed")
        }
    }
}
