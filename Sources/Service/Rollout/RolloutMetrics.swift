import Analysis
import EventFormats
package import Rollout
package import Telemetry

/// What the rollout controller exports about itself.
package struct RolloutMetrics: Sendable {
    package let consumer: ConsumerMetrics
    private let statistics: RolloutStatistics
    private let delay: Histogram<NoLabels>

    package init(_ statistics: RolloutStatistics, in registry: MetricRegistry) {
        self.statistics = statistics
        consumer = ConsumerMetrics(topic: "verdict", in: registry)
        delay = registry.histogram(
            "assay_rollout_delay_seconds",
            "Time from a verdict's decision to the publication of the action about it, in seconds.",
            buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600]
        )
        let verdicts = registry.counter(
            "assay_rollout_verdicts_total",
            "Verdicts seen, by kind.",
            labels: "kind",
            startingWith: VerdictKind.allCases.map { [$0.rawValue] }
        )
        let actions = registry.counter(
            "assay_rollout_actions_total",
            "Actions published, by action and outcome.",
            labels: ("action", "outcome"),
            startingWith: ActionKind.allCases.flatMap { action in
                ActionOutcome.allCases.map { [action.rawValue, $0.rawValue] }
            }
        )
        let dropped = registry.counter(
            "assay_rollout_dropped_total",
            "Verdicts that were passed over, by reason.",
            labels: "reason",
            startingWith: DropReason.allCases.map { [$0.rawValue] }
        )
        let skipped = registry.counter(
            "assay_rollout_skipped_total",
            "Events that are no verdicts, by reason.",
            labels: "reason",
            startingWith: RecordSkip.allCases.map { [$0.rawValue] }
        )
        let retries = registry.counter("assay_rollout_retries_total", "Attempts of an actuator that are made again.")
        let deadLetters = registry.counter(
            "assay_rollout_dead_letters_total",
            "What could not be read as a verdict and was set aside."
        )
        let distrusted = registry.counter(
            "assay_rollout_distrusted_total",
            "Verdicts that were not believed and were set aside, by reason.",
            labels: "reason",
            startingWith: Distrust.allCases.map { [$0.rawValue] }
        )
        let ledgerFuture = registry.counter(
            "assay_rollout_ledger_ignored_total",
            "What the ledger does not go by, because it names a time in the future."
        )
        let backlog = registry.gauge("assay_rollout_backlog", "Verdicts that wait or are being acted on.")
        let backEnd = registry.gauge(
            "assay_rollout_back_end_up",
            "1 while the actuator's back end answers (or was not asked yet), 0 while it is out of reach."
        )
        let ledger = registry.gauge(
            "assay_rollout_ledger_read",
            "1 once the controller has read what it did before; until then it does not act."
        )
        registry.onRender {
            let snapshot = statistics.snapshot
            for (kind, count) in snapshot.verdicts { verdicts.set(total: Double(count), kind.rawValue) }
            for (action, count) in snapshot.actions {
                actions.set(total: Double(count), action.kind.rawValue, action.outcome.rawValue)
            }
            for (reason, count) in snapshot.dropped { dropped.set(total: Double(count), reason.rawValue) }
            for (reason, count) in snapshot.skipped { skipped.set(total: Double(count), reason.rawValue) }
            retries.set(total: Double(snapshot.retries))
            deadLetters.set(total: Double(snapshot.deadLetters))
            for (reason, count) in snapshot.distrusted { distrusted.set(total: Double(count), reason.rawValue) }
            ledgerFuture.set(total: Double(snapshot.ledgerFuture))
            backlog.set(Double(snapshot.backlog))
            backEnd.set(snapshot.backEndTrouble == nil ? 1 : 0)
            ledger.set(snapshot.ledgerTrouble == nil ? 1 : 0)
        }
    }

    /// Shows on `/readyz` what keeps the controller from acting. It decides nothing: no requests come to a controller, and
    /// a broker that is down must not make a supervisor replace it.
    package func watch(_ readiness: Readiness) {
        readiness.watch("ledger", decides: false) { [statistics] in statistics.snapshot.ledgerTrouble }
        readiness.watch("back end", decides: false) { [statistics] in statistics.snapshot.backEndTrouble }
    }

    package var observer: RolloutObserver {
        let count = statistics.observer
        return RolloutObserver { [delay] observation in
            if case .answered(let after) = observation { delay.observe(max(0, after.seconds)) }
            count(observation)
        }
    }
}
