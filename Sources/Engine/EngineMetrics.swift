package import Telemetry

/// What the engine exports about itself, in one place.
package struct EngineMetrics: Sendable {
    package let eventsReceived: MetricFamily
    package let deadLetters: MetricFamily
    package let sessionsOpened: MetricFamily
    package let sessions: MetricFamily
    package let looks: MetricFamily
    package let looksMissed: MetricFamily
    package let lookLateness: MetricFamily
    package let verdicts: MetricFamily
    package let queriesNeeded: MetricFamily
    package let queriesSent: MetricFamily
    package let queryFailures: MetricFamily
    package let judgeTime: MetricFamily
    package let storeFailures: MetricFamily
    package let takenOver: MetricFamily
    package let outboxDelivered: MetricFamily
    package let outboxFailures: MetricFamily
    package let outboxDepth: MetricFamily
    package let outboxAge: MetricFamily
    package let shards: MetricFamily
    package let replicas: MetricFamily
    package let waitingEvents: MetricFamily
    package let waitingAge: MetricFamily
    package let deleted: MetricFamily

    package init(_ registry: MetricRegistry) {
        eventsReceived = registry.counter(
            "assay_deploy_events_total",
            "Events taken in, by way in and outcome (accepted, duplicate, malformed, unknown_type).",
            labels: ["way", "outcome"]
        )
        deadLetters = registry.counter(
            "assay_dead_letters_total",
            "Records sent to the dead-letter topic, by reason.",
            labels: ["reason"]
        )
        sessionsOpened = registry.counter("assay_sessions_opened_total", "Analysis sessions opened.")
        sessions = registry.gauge("assay_sessions", "Analysis sessions in the store, by phase.", labels: ["phase"])
        looks = registry.counter(
            "assay_looks_total",
            "Looks taken, by outcome (judged, held, errored).",
            labels: ["outcome"]
        )
        looksMissed = registry.counter(
            "assay_looks_missed_total",
            "Looks that were skipped because a newer one was due already."
        )
        lookLateness = registry.histogram(
            "assay_look_lateness_seconds",
            "Time from the moment a look was due to its start, in seconds."
        )
        verdicts = registry.counter(
            "assay_verdicts_total",
            "Verdicts decided, by kind, status and result.",
            labels: ["kind", "status", "result"]
        )
        queriesNeeded = registry.counter("assay_queries_needed_total", "Range queries that looks needed.")
        queriesSent = registry.counter(
            "assay_queries_sent_total",
            "Range queries sent to the metrics back end after equal ones were joined."
        )
        queryFailures = registry.counter(
            "assay_query_failures_total",
            "Range queries that failed, by kind of failure.",
            labels: ["kind"]
        )
        judgeTime = registry.histogram(
            "assay_judge_seconds",
            "Time to judge all metrics of one look, in seconds.",
            buckets: [0.00001, 0.0001, 0.001, 0.01, 0.1, 1, 10]
        )
        storeFailures = registry.counter(
            "assay_store_failures_total",
            "Store operations that failed, by code.",
            labels: ["code"]
        )
        takenOver = registry.counter(
            "assay_sessions_taken_over_total",
            "Decisions thrown away because the session had been written or claimed by somebody else meanwhile."
        )
        outboxDelivered = registry.counter(
            "assay_outbox_delivered_total",
            "Outbox messages delivered, by sink.",
            labels: ["sink"]
        )
        outboxFailures = registry.counter(
            "assay_outbox_failures_total",
            "Failed deliveries of outbox messages, by sink and outcome (retried, dropped).",
            labels: ["sink", "outcome"]
        )
        outboxDepth = registry.gauge("assay_outbox_messages", "Outbox messages not delivered yet.", labels: ["sink"])
        outboxAge = registry.gauge(
            "assay_outbox_oldest_seconds",
            "Age of the oldest outbox message not delivered yet, in seconds.",
            labels: ["sink"]
        )
        shards = registry.gauge(
            "assay_outbox_shards",
            "Shards of the outbox that this process delivers, of 4 per sink.",
            labels: ["sink"]
        )
        replicas = registry.gauge("assay_replicas", "Running processes that share the store, as this one knows them.")
        waitingEvents = registry.gauge("assay_deploy_events_waiting", "Deploy events without an answer yet.")
        waitingAge = registry.gauge(
            "assay_deploy_events_waiting_oldest_seconds",
            "Time since the oldest deploy event without an answer came in, in seconds."
        )
        deleted = registry.counter(
            "assay_retention_deleted_total",
            "What has been deleted because it had been kept for long enough, by kind.",
            labels: ["kind"]
        )
    }
}
