import Analysis
package import Telemetry

/// What the HTTP interface counts.
package struct WebMetrics: Sendable {
    let refusedTokens: Counter<OneLabel>
    let gateAnswers: Counter<TwoLabels>
    let streams: Gauge<NoLabels>
    let droppedStreams: Counter<OneLabel>

    package init(_ registry: MetricRegistry) {
        refusedTokens = registry.counter(
            "assay_http_refused_tokens_total",
            "Requests under `/v1` that were answered with 401, by what was wrong (missing, wrong).",
            labels: "reason",
            startingWith: RefusedTokens.Reason.allCases.map { [$0.rawValue] }
        )
        gateAnswers = registry.counter(
            "assay_gate_answers_total",
            "Questions of delivery tools whether a rollout may go on, by question (start, advance, promote, rollback) and answer (open, closed).",
            labels: ("question", "answer"),
            startingWith: ReleaseGate.Question.allCases.flatMap { [[$0.rawValue, "open"], [$0.rawValue, "closed"]] }
        )
        streams = registry.gauge("assay_http_streams", "Open streams of events.")
        droppedStreams = registry.counter(
            "assay_http_dropped_streams_total",
            "Streams that were refused because as many were open as may be (full), or ended because their reader did not take what it was sent (slow).",
            labels: "reason",
            startingWith: [["full"], ["slow"]]
        )
    }
}
