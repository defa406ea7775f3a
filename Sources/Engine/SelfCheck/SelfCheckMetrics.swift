package import Telemetry

/// What self-checks export: all that ever comes of them, beside lines in the log. Like all metrics they name no release and no
/// plan.
package struct SelfCheckMetrics: Sendable {
    package let checks: Counter<OneLabel>
    package let accepted: Counter<NoLabels>
    package let skipped: Counter<OneLabel>
    package let lastCheck: Gauge<NoLabels>
    package let queries: Counter<OneLabel>

    init(_ registry: MetricRegistry) {
        checks = registry.counter(
            "assay_self_checks_total",
            "Self-checks (a part of the stable version judged against the rest of it), by outcome (pass, fail: a false alarm,"
                + " inconclusive, skipped). They say nothing about a release.",
            labels: "outcome",
            startingWith: SelfCheckOutcome.names.map { [$0] }
        )
        accepted = registry.counter(
            "assay_self_checks_accepted_failures_total",
            "How many of the self-checks their plans accept to fail: `sequential.alpha` of each that was not skipped, added up."
        )
        skipped = registry.counter(
            "assay_self_checks_skipped_total",
            "Self-checks that checked nothing, by reason (too_few_pods, no_data, back_end, busy, query, too_large, store).",
            labels: "reason",
            startingWith: LabelValues.each(SelfCheckSkip.self)
        )
        lastCheck = registry.gauge(
            "assay_self_check_last_timestamp_seconds",
            "When the last self-check of this process ended, in seconds since the epoch; 0 before the first."
        )
        queries = registry.counter(
            "assay_self_check_queries_total",
            "Range queries of self-checks, by outcome (answered, failed). They are in no other count of queries.",
            labels: "outcome",
            startingWith: [["answered"], ["failed"]]
        )
    }

    func count(_ outcome: SelfCheckOutcome, of subject: SelfCheckSubject) {
        checks.add(1, outcome.name)
        if case .skipped(let reason) = outcome {
            skipped.add(1, reason.rawValue)
        } else {
            accepted.add(subject.alpha)
        }
    }
}
