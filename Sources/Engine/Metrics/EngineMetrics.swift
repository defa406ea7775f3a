import Analysis
import Judging
import Store
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
    package let queryRemarks: MetricFamily
    package let samplesOffGrid: MetricFamily
    package let backEndUp: MetricFamily
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
    package let lastRead: MetricFamily
    package let intakeClosed: MetricFamily
    package let queryTime: MetricFamily
    package let queriesUnderWay: MetricFamily
    package let lastAnswer: MetricFamily
    package let failuresInARow: MetricFamily
    package let holds: MetricFamily
    package let undecided: MetricFamily
    package let scores: MetricFamily
    package let decisionTime: MetricFamily
    package let classifications: MetricFamily
    package let deliveryTime: MetricFamily
    package let turns: MetricFamily
    package let turnsMaximum: MetricFamily
    package let setAside: MetricFamily

    package init(_ registry: MetricRegistry) {
        eventsReceived = registry.counter(
            "assay_deploy_events_total",
            "Events taken in, by way in and outcome (accepted, duplicate, malformed, unknown_type, conflict).",
            labels: ["way", "outcome"],
            startingWith: Labels.events
        )
        deadLetters = registry.counter(
            "assay_dead_letters_total",
            "Records sent to the dead-letter topic, by reason.",
            labels: ["reason"],
            startingWith: Labels.deadLetters
        )
        sessionsOpened = registry.counter("assay_sessions_opened_total", "Analysis sessions opened.")
        sessions = registry.gauge(
            "assay_sessions",
            "Analysis sessions in the store, by phase.",
            labels: ["phase"],
            startingWith: Labels.each(AnalysisSession.Phase.self)
        )
        looks = registry.counter(
            "assay_looks_total",
            "Looks taken, by outcome (judged, held, errored).",
            labels: ["outcome"],
            startingWith: [["judged"], ["held"], ["errored"]]
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
            labels: ["kind", "status", "result"],
            startingWith: Labels.verdicts
        )
        queriesNeeded = registry.counter("assay_queries_needed_total", "Range queries that looks needed.")
        queriesSent = registry.counter(
            "assay_queries_sent_total",
            "Range queries sent to the metrics back end after equal ones were joined."
        )
        queryFailures = registry.counter(
            "assay_query_failures_total",
            "Range queries that failed, by kind of failure.",
            labels: ["kind"],
            startingWith: Labels.each(SamplingFailure.Kind.self)
        )
        queryRemarks = registry.counter(
            "assay_query_remarks_total",
            "What the metrics back end remarked in its answers: warnings (the data may be incomplete) and infos.",
            labels: ["kind"],
            startingWith: [["warning"], ["info"]]
        )
        samplesOffGrid = registry.counter(
            "assay_samples_off_grid_total",
            "Samples of answers beside the instants asked for, by outcome: moved to the nearest, or left_out.",
            labels: ["outcome"],
            startingWith: [["moved"], ["left_out"]]
        )
        backEndUp = registry.gauge(
            "assay_back_end_up",
            "1 when the metrics back end has answered the last question of this process, if only to refuse it; else 0."
        )
        judgeTime = registry.histogram(
            "assay_judge_seconds",
            "Time to judge all metrics of one look, in seconds.",
            buckets: [0.00001, 0.0001, 0.001, 0.01, 0.1, 1, 10]
        )
        storeFailures = registry.counter(
            "assay_store_failures_total",
            "Store operations that failed, by code.",
            labels: ["code"],
            startingWith: Labels.each(StoreError.Code.self)
        )
        takenOver = registry.counter(
            "assay_sessions_taken_over_total",
            "Decisions thrown away because the session had been written or claimed by somebody else meanwhile."
        )
        outboxDelivered = registry.counter(
            "assay_outbox_delivered_total",
            "Outbox messages delivered, by sink.",
            labels: ["sink"],
            startingWith: Labels.each(OutboxSink.self)
        )
        outboxFailures = registry.counter(
            "assay_outbox_failures_total",
            "Failed deliveries of outbox messages, by sink and outcome (retried, dropped).",
            labels: ["sink", "outcome"],
            startingWith: OutboxSink.allCases.flatMap { [[$0.rawValue, "retried"], [$0.rawValue, "dropped"]] }
        )
        outboxDepth = registry.gauge(
            "assay_outbox_messages",
            "Outbox messages not delivered yet.",
            labels: ["sink"],
            startingWith: Labels.sinks
        )
        outboxAge = registry.gauge(
            "assay_outbox_oldest_seconds",
            "Age of the oldest outbox message not delivered yet, in seconds.",
            labels: ["sink"],
            startingWith: Labels.sinks
        )
        shards = registry.gauge(
            "assay_outbox_shards",
            "Shards of the outbox that this process delivers, of 4 per sink.",
            labels: ["sink"],
            startingWith: Labels.each(OutboxSink.self)
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
            labels: ["kind"],
            startingWith: Labels.each(RetainedKind.self)
        )
        lastRead = registry.gauge(
            "assay_deploy_topic_last_read_timestamp_seconds",
            "When this process last read records from the deploy topic, in seconds since the epoch; 0 before the first."
        )
        intakeClosed = registry.gauge(
            "assay_intake_closed",
            "1 while nothing is taken in because too much waits in the store."
        )
        queryTime = registry.histogram(
            "assay_query_seconds",
            "Time of a range query with its repeats, by outcome (answered, failed), in seconds.",
            labels: ["outcome"],
            startingWith: [["answered"], ["failed"]]
        )
        queriesUnderWay = registry.gauge("assay_queries_under_way", "Range queries that wait for their answer.")
        lastAnswer = registry.gauge(
            "assay_back_end_last_answer_timestamp_seconds",
            "When the metrics back end last answered a query, if only to refuse it, in seconds since the epoch; 0 before"
                + " the first."
        )
        failuresInARow = registry.gauge(
            "assay_back_end_consecutive_failures",
            "Queries in a row that the metrics back end has not answered; 0 after an answer."
        )
        holds = registry.counter(
            "assay_holds_total",
            "Attempts at a look after which its session waits for metrics, by cause.",
            labels: ["cause"],
            startingWith: Labels.each(HoldCause.self)
        )
        undecided = registry.counter(
            "assay_verdicts_undecided_total",
            "Final verdicts that say nothing about the release, by cause.",
            labels: ["cause"],
            startingWith: Labels.each(UndecidedCause.self)
        )
        scores = registry.histogram(
            "assay_verdict_score_points",
            "Scores of final verdicts, 0 to 100 points.",
            buckets: [0, 10, 20, 30, 40, 50, 60, 70, 75, 80, 85, 90, 95, 99, 100]
        )
        decisionTime = registry.histogram(
            "assay_decision_seconds",
            "Time from the deployment to the final verdict, by status and result, in seconds.",
            labels: ["status", "result"],
            buckets: [10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400],
            startingWith: Labels.endings
        )
        classifications = registry.counter(
            "assay_classifications_total",
            "Metrics of final verdicts, by how they were classified.",
            labels: ["classification"],
            startingWith: Labels.each(MetricClassification.self)
        )
        deliveryTime = registry.histogram(
            "assay_outbox_delivery_seconds",
            "Time from a decision to the delivery of its message, by sink, in seconds.",
            labels: ["sink"],
            buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600],
            startingWith: Labels.each(OutboxSink.self)
        )
        turns = registry.gauge("assay_turns_under_way", "Sessions that this process is working on.")
        setAside = registry.gauge(
            "assay_set_aside",
            "Unfinished analyses and deploy events that this process does not work on, by reason (unreadable, newer_form,"
                + " unknown_judge, unreadable_event).",
            labels: ["reason"],
            startingWith: Labels.each(SetAsideReason.self)
        )
        turnsMaximum = registry.gauge("assay_turns_maximum", "Sessions that this process works on at a time at most.")
    }
}
