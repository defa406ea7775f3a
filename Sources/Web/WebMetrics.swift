package import Telemetry

/// What the HTTP interface counts.
package struct WebMetrics: Sendable {
    let refusedTokens: Counter<OneLabel>

    package init(_ registry: MetricRegistry) {
        refusedTokens = registry.counter(
            "assay_http_refused_tokens_total",
            "Requests under `/v1` that were answered with 401, by what was wrong (missing, wrong).",
            labels: "reason",
            startingWith: RefusedTokens.Reason.allCases.map { [$0.rawValue] }
        )
    }
}
