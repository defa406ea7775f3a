import Analysis
import Judging
import Store
package import Telemetry

/// What the engine exports about itself, in one place.
package struct EngineMetrics: Sendable {
    package let eventsReceived: Counter<TwoLabels>
    package let deadLetters: Counter<OneLabel>
    package let deadLettersDropped: Counter<OneLabel>
    package let sessionsOpened: Counter<NoLabels>
    let futureTimes: Counter<NoLabels>
    package let sessions: Gauge<OneLabel>
    package let looks: Counter<OneLabel>
    package let looksMissed: Counter<NoLabels>
    package let lookLateness: Histogram<NoLabels>
    package let verdicts: Counter<ThreeLabels>
    package let queriesNeeded: Counter<NoLabels>
    package let queriesSent: Counter<NoLabels>
    package let queryFailures: Counter<OneLabel>
    package let queryRemarks: Counter<OneLabel>
    package let samplesOffGrid: Counter<OneLabel>
    package let backEndUp: Gauge<NoLabels>
    package let judgeTime: Histogram<NoLabels>
    package let storeFailures: Counter<OneLabel>
    package let takenOver: Counter<NoLabels>
    package let outboxDelivered: Counter<OneLabel>
    package let outboxFailures: Counter<TwoLabels>
    package let outboxDepth: Gauge<OneLabel>
    package let outboxAge: Gauge<OneLabel>
    package let shards: Gauge<OneLabel>
    package let replicas: Gauge<NoLabels>
    package let waitingEvents: Gauge<NoLabels>
    package let waitingAge: Gauge<NoLabels>
    package let heldEvents: Gauge<NoLabels>
    package let deleted: Counter<OneLabel>
    package let lastRead: Gauge<NoLabels>
    package let intakeClosed: Gauge<NoLabels>
    package let storeBytes: Gauge<NoLabels>
    package let storeMaximumBytes: Gauge<NoLabels>
    package let queryTime: Histogram<OneLabel>
    package let queriesUnderWay: Gauge<NoLabels>
    package let lastAnswer: Gauge<NoLabels>
    package let failuresInARow: Gauge<NoLabels>
    package let holds: Counter<OneLabel>
    package let undecided: Counter<OneLabel>
    package let scores: Histogram<NoLabels>
    package let decisionTime: Histogram<TwoLabels>
    package let classifications: Counter<OneLabel>
    package let deliveryTime: Histogram<OneLabel>
    package let sessionsUnderWay: Gauge<NoLabels>
    package let sessionsMaximum: Gauge<NoLabels>
    package let setAside: Gauge<OneLabel>
    package let decisions: Counter<OneLabel>
    package let feedback: Counter<TwoLabels>
    package let judge: JudgeMetrics
    package let selfChecks: SelfCheckMetrics
    package let pastAnalyses: PastAnalysisMetrics

    package init(_ registry: MetricRegistry) {
        judge = JudgeMetrics(registry)
        selfChecks = SelfCheckMetrics(registry)
        pastAnalyses = PastAnalysisMetrics(registry)
        eventsReceived = registry.counter(
            "assay_deploy_events_total",
            "Events taken in, by way in and outcome (accepted, duplicate, malformed, unknown_type, conflict, source_full).",
            labels: ("way", "outcome"),
            startingWith: LabelValues.events
        )
        deadLetters = registry.counter(
            "assay_dead_letters_total",
            "Records sent to the dead-letter topic, by reason.",
            labels: "reason",
            startingWith: LabelValues.deadLetters
        )
        deadLettersDropped = registry.counter(
            "assay_dead_letters_dropped_total",
            "Records that could not be read and were counted only: more than `topics.deadLetterRate`.",
            labels: "reason",
            startingWith: LabelValues.deadLetters
        )
        decisions = registry.counter(
            "assay_decisions_total",
            "What people decided about analyses (approve, abort, cancel).",
            labels: "decision",
            startingWith: LabelValues.each(PersonDecision.Kind.self)
        )
        feedback = registry.counter(
            "assay_verdict_feedback_total",
            "Whether people found final verdicts right, by what they said (right, wrong) and the verdict's result.",
            labels: ("opinion", "result"),
            startingWith: LabelValues.feedback
        )
        sessionsOpened = registry.counter("assay_sessions_opened_total", "Analysis sessions opened.")
        futureTimes = registry.counter(
            "assay_future_times_total",
            "Times of events, and of releases in the store, that lay more than 5 minutes ahead and were corrected."
        )
        sessions = registry.gauge(
            "assay_sessions",
            "Analysis sessions in the store, by phase.",
            labels: "phase",
            startingWith: LabelValues.each(AnalysisSession.Phase.self)
        )
        looks = registry.counter(
            "assay_looks_total",
            "Looks taken, by outcome (judged, held, errored).",
            labels: "outcome",
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
            labels: ("kind", "status", "result"),
            startingWith: LabelValues.verdicts
        )
        queriesNeeded = registry.counter("assay_queries_needed_total", "Range queries that looks needed.")
        queriesSent = registry.counter(
            "assay_queries_sent_total",
            "Range queries sent to the metrics back end after equal ones were joined."
        )
        queryFailures = registry.counter(
            "assay_query_failures_total",
            "Range queries that failed, by kind of failure.",
            labels: "kind",
            startingWith: LabelValues.each(SamplingFailure.Kind.self)
        )
        queryRemarks = registry.counter(
            "assay_query_remarks_total",
            "What the metrics back end remarked in its answers: warnings (the data may be incomplete) and infos.",
            labels: "kind",
            startingWith: [["warning"], ["info"]]
        )
        samplesOffGrid = registry.counter(
            "assay_samples_off_grid_total",
            "Samples of answers beside the instants asked for, by outcome: moved to the nearest, or left_out.",
            labels: "outcome",
            startingWith: [["moved"], ["left_out"]]
        )
        backEndUp = registry.gauge(
            "assay_back_end_up",
            "1 while the metrics back end answers the queries of this process, if only to refuse them; 0 from one without an answer"
                + " on. A probe's answer counts again five minutes after that."
        )
        judgeTime = registry.histogram(
            "assay_judge_seconds",
            "Time to judge all metrics of one look, in seconds.",
            buckets: [0.00001, 0.0001, 0.001, 0.01, 0.1, 1, 10]
        )
        storeFailures = registry.counter(
            "assay_store_failures_total",
            "Store operations that failed, by code.",
            labels: "code",
            startingWith: LabelValues.each(StoreError.Code.self)
        )
        takenOver = registry.counter(
            "assay_sessions_taken_over_total",
            "Decisions thrown away because another replica had written or claimed the session since."
        )
        outboxDelivered = registry.counter(
            "assay_outbox_delivered_total",
            "Outbox messages delivered, by sink.",
            labels: "sink",
            startingWith: LabelValues.each(OutboxSink.self)
        )
        outboxFailures = registry.counter(
            "assay_outbox_failures_total",
            "Failed deliveries of outbox messages, by sink and outcome (retried, dropped).",
            labels: ("sink", "outcome"),
            startingWith: OutboxSink.allCases.flatMap { [[$0.rawValue, "retried"], [$0.rawValue, "dropped"]] }
        )
        outboxDepth = registry.gauge(
            "assay_outbox_messages",
            "Outbox messages not delivered yet.",
            labels: "sink",
            startingWith: LabelValues.sinks
        )
        outboxAge = registry.gauge(
            "assay_outbox_oldest_seconds",
            "Age of the oldest outbox message not delivered yet, in seconds.",
            labels: "sink",
            startingWith: LabelValues.sinks
        )
        shards = registry.gauge(
            "assay_outbox_shards",
            "Shards of the outbox that this process delivers, of 4 per sink.",
            labels: "sink",
            startingWith: LabelValues.each(OutboxSink.self)
        )
        replicas = registry.gauge("assay_replicas", "Running processes that share the store, as this one knows them.")
        waitingEvents = registry.gauge("assay_deploy_events_waiting", "Deploy events without an answer yet.")
        waitingAge = registry.gauge(
            "assay_deploy_events_waiting_oldest_seconds",
            "Time since the oldest deploy event came in that has no answer and is not held, in seconds."
        )
        heldEvents = registry.gauge(
            "assay_deploy_events_held",
            "Deploy events that wait because their source has as many analyses as it may (`engine.maximumAnalysesPerSource`)."
        )
        deleted = registry.counter(
            "assay_retention_deleted_total",
            "What has been deleted because it had been kept for long enough, by kind.",
            labels: "kind",
            startingWith: LabelValues.each(RetainedKind.self)
        )
        lastRead = registry.gauge(
            "assay_deploy_topic_last_read_timestamp_seconds",
            "When this process last read records from the deploy topic, in seconds since the epoch; 0 before the first."
        )
        intakeClosed = registry.gauge(
            "assay_intake_closed",
            "1 while nothing is taken in because too much waits in the store, or the store is too large."
        )
        storeBytes = registry.gauge(
            "assay_store_bytes",
            "Bytes that the store takes up: its file and log, or the whole database."
        )
        storeMaximumBytes = registry.gauge(
            "assay_store_maximum_bytes",
            "Bytes of the store above which nothing is taken in (`database.maximumBytes`); 0 without a limit."
        )
        queryTime = registry.histogram(
            "assay_query_seconds",
            "Time of a range query with its repeats, by outcome (answered, failed), in seconds.",
            labels: "outcome",
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
            labels: "cause",
            startingWith: LabelValues.each(HoldCause.self)
        )
        undecided = registry.counter(
            "assay_verdicts_undecided_total",
            "Final verdicts that say nothing about the release, by cause.",
            labels: "cause",
            startingWith: LabelValues.each(UndecidedCause.self)
        )
        scores = registry.histogram(
            "assay_verdict_score_points",
            "Scores of final verdicts, 0 to 100 points.",
            buckets: [0, 10, 20, 30, 40, 50, 60, 70, 75, 80, 85, 90, 95, 99, 100]
        )
        decisionTime = registry.histogram(
            "assay_decision_seconds",
            "Time from the deployment to the final verdict, by status and result, in seconds.",
            labels: ("status", "result"),
            buckets: [10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400],
            startingWith: LabelValues.endings
        )
        classifications = registry.counter(
            "assay_classifications_total",
            "Metrics of final verdicts, by how they were classified.",
            labels: "classification",
            startingWith: LabelValues.each(MetricClassification.self)
        )
        deliveryTime = registry.histogram(
            "assay_outbox_delivery_seconds",
            "Time from a decision to the delivery of its message, by sink, in seconds.",
            labels: "sink",
            buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600],
            startingWith: LabelValues.each(OutboxSink.self)
        )
        sessionsUnderWay = registry.gauge("assay_turns_under_way", "Sessions that this process is working on.")
        setAside = registry.gauge(
            "assay_set_aside",
            "Unfinished analyses and deploy events that this process does not work on, by reason (unreadable, newer_form,"
                + " unknown_judge, unreadable_event).",
            labels: "reason",
            startingWith: LabelValues.each(SetAsideReason.self)
        )
        sessionsMaximum = registry.gauge(
            "assay_turns_maximum",
            "Sessions that this process works on at a time at most."
        )
    }
}
