package import Analysis

/// A verdict in short, for what has little room: a message, a card, an alert.
package struct VerdictSummary: Sendable {
    /// A metric as tables have it.
    package struct Row: Sendable {
        package var name: String
        package var control: String
        package var experiment: String
        package var ratio: String
        package var result: String
    }

    /// `checkout 2.4.0 in production: FAIL`
    package var title: String
    /// `Failed`
    package var word: String
    /// Those that decide come first.
    package var metrics: [Row]
    /// How many metrics are not among them.
    package var furtherMetrics: Int
    /// Plain text, with the reason of each metric that does not pass.
    package var lines: [String]

    package init(_ verdict: Verdict, maximumMetrics: Int) {
        let text = VerdictText(detail: .reasons)
        title = text.title(verdict)
        word = ReportState.name(of: verdict).word
        let reports = verdict.metrics.enumerated().map { index, metric in
            MetricReport(metric, index: index, planned: nil, series: nil, of: verdict)
        }
        let ranked = reports.sorted { ($0.rank, $0.index) < ($1.rank, $1.index) }
        metrics = ranked.prefix(maximumMetrics).map { metric in
            Row(
                name: metric.name,
                control: metric.control,
                experiment: metric.experiment,
                ratio: metric.ratio,
                result: metric.result
            )
        }
        furtherMetrics = max(0, reports.count - maximumMetrics)
        lines = text.lines(verdict)
    }
}
