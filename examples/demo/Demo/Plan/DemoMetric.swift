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
        func duration(_ suffix: String) -> String {
            "http_request_duration_seconds_\(suffix){app=\"shop\",${scope}}[\(rateWindow)]"
        }
        return [
            DemoMetric(
                name: "error-ratio",
                summary: "share of requests answered with 5xx",
                // While nothing fails there is no such series.
                query: "(sum(rate(\(errors))) or vector(0)) / sum(rate(\(requests)))",
                settings: [
                    "groups: [errors]", "direction: increase", "critical: true",
                    "effect: {allowedIncrease: 1.25}",
                ]
            ),
            DemoMetric(
                name: "latency-mean",
                summary: "mean time to serve a request",
                query: "sum(rate(\(duration("sum")))) / sum(rate(\(duration("count"))))",
                settings: ["groups: [latency]", "direction: increase", "effect: {allowedIncrease: 1.25}"]
            ),
            DemoMetric(
                name: "latency-p95",
                summary: "time within which 95 % of requests are served",
                query: "histogram_quantile(0.95, sum by (le) (rate(\(duration("bucket")))))",
                settings: ["groups: [latency]", "direction: increase", "effect: {allowedIncrease: 1.3}"]
            ),
            DemoMetric(
                name: "request-rate",
                summary: "requests a second; differs by the traffic split, so it is shown and not judged",
                query: "sum(rate(\(requests)))",
                settings: ["muted: true"]
            ),
        ]
    }
}
