import Analysis
import Judging
package import Telemetry

/// What analyses of past windows export. They are in no count of analyses, looks, verdicts or queries of releases.
package struct PastAnalysisMetrics: Sendable {
    package let ended: Counter<OneLabel>
    package let queries: Counter<OneLabel>

    init(_ registry: MetricRegistry) {
        ended = registry.counter(
            "assay_past_analyses_total",
            "Analyses of past windows that have ended, by outcome (pass, marginal, fail, inconclusive, errored). They are no"
                + " verdicts on releases.",
            labels: "outcome",
            startingWith: JudgementResult.allCases.map { [$0.rawValue] } + [[VerdictStatus.errored.rawValue]]
        )
        queries = registry.counter(
            "assay_past_analysis_queries_total",
            "Range queries of analyses of past windows, by outcome (answered, failed). They are in no other count of queries.",
            labels: "outcome",
            startingWith: [["answered"], ["failed"]]
        )
    }

    func count(_ verdict: Verdict) {
        ended.add(1, verdict.status == .errored ? verdict.status.rawValue : verdict.result.rawValue)
    }
}
