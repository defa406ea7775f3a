/// A metric of the demo's plan.
struct DemoMetric: Sendable, Equatable {
    let name: String
    let summary: String
    /// PromQL with `${scope}`.
    let query: String
    /// The metric's further lines in the plan.
    let settings: [String]

    static func all(rateWindow: String) -> [DemoMetric] {
        let requests = "http_requests_total{app=\"shop\",${scope}}[\(rateWindow)]"
        let errors = "http_requests_total{app=\"shop\",${scope},code=~\"5..\"}[\(rateWindow)]"
        let buckets = "http_request_duration_seconds_bucket{app=\"shop\",${scope}}[\(rateWindow)]"
        return [
            DemoMetric(
                name: "error-ratio",
                summary: "share of requests answered with 5xx; less than 1 % is no harm",
                // While nothing fails there is no such series.
                query: "(sum(rate(\(errors))) or vector(0)) / sum(rate(\(requests)))",
                settings: ["kind: errors", "group: errors", "role: critical", "effect: {floor: 0.01}"]
            ),
            DemoMetric(
                name: "latency",
                summary:
                    "slow requests, counted at bounds of the histogram",
                query: "histogram_quantile(0.95, sum by (le) (rate(\(buckets))))",
                settings: ["kind: latency", "group: latency"]
            ),
            DemoMetric(
                name: "request-rate",
                summary: "requests a second; differs by the traffic split, so it is shown and not judged",
                query: "sum(rate(\(requests)))",
                settings: ["role: info"]
            ),
        ]
    }
}
