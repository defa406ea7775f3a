import Analysis
import EventFormats
import Rollout
import Telemetry

/// What the rollout controller exports about itself.
enum RolloutMetrics {
    static func register(_ statistics: RolloutStatistics, in registry: MetricRegistry) {
        let verdicts = registry.counter("assay_rollout_verdicts_total", "Verdicts seen, by kind.", labels: ["kind"])
        let actions = registry.counter(
            "assay_rollout_actions_total",
            "Actions published, by action and outcome.",
            labels: ["action", "outcome"]
        )
        let dropped = registry.counter(
            "assay_rollout_dropped_total",
            "Verdicts that led to nothing, by reason.",
            labels: ["reason"]
        )
        let skipped = registry.counter(
            "assay_rollout_skipped_total",
            "Records of the verdict topic that are no verdicts, by reason.",
            labels: ["reason"]
        )
        let retries = registry.counter("assay_rollout_retries_total", "Attempts of an actuator that are made again.")
        let deadLetters = registry.counter(
            "assay_rollout_dead_letters_total",
            "Records of the verdict topic sent to the dead-letter topic."
        )
        let backlog = registry.gauge("assay_rollout_backlog", "Verdicts that wait or are being acted on.")
        registry.onRender {
            let snapshot = statistics.snapshot
            for (kind, count) in snapshot.verdicts { verdicts.set(Double(count), kind.rawValue) }
            for (action, count) in snapshot.actions {
                actions.set(Double(count), action.kind.rawValue, action.outcome.rawValue)
            }
            for (reason, count) in snapshot.dropped { dropped.set(Double(count), reason.rawValue) }
            for (reason, count) in snapshot.skipped { skipped.set(Double(count), reason.rawValue) }
            retries.set(Double(snapshot.retries))
            deadLetters.set(Double(snapshot.deadLetters))
            backlog.set(Double(snapshot.backlog))
        }
    }
}
