/// A report as Markdown, for a ticket, a chat or the summary page of a pipeline.
package enum ReportMarkdown {
    package static func text(_ report: AnalysisReport) -> String {
        let name =
            "\(report.application) \(report.version) in \(report.environment)" + (report.place.map { " (\($0))" } ?? "")
        let parts = [
            ["### \(report.state.tone.sign) \(name.markdownText): \(report.state.word.markdownText)"],
            ["\(report.state.headline.markdownText)."],
            named(report.statements),
            table(report),
            report.metrics.filter(\.isExplained).compactMap(details),
            named(report.facts + (report.scoreText.map { [.init(name: "score", value: $0)] } ?? []))
                + ["- session: \(report.id.markdownText)"],
            trail(report),
        ]
        return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    private static func named(_ facts: [AnalysisReport.Fact]) -> [String] {
        facts.map { "- \($0.name.markdownText): \($0.value.markdownText)" }
    }

    private static func table(_ report: AnalysisReport) -> [String] {
        guard !report.metrics.isEmpty else { return [] }
        return [MetricReport.columns.markdownRow, "| --- | ---: | ---: | ---: | --- | --- |"]
            + report.metrics.map { metric in
                (["\(metric.tone.sign) \(metric.name)"] + metric.cells.dropFirst()).markdownRow
            }
    }

    private static func details(_ metric: MetricReport) -> String? {
        let lines = metric.findings + metric.warnings.map { "warning: \($0)" }
        return lines.isEmpty ? nil : "- \(metric.name.markdownText): \(lines.joined(separator: "; ").markdownText)"
    }

    private static func trail(_ report: AnalysisReport) -> [String] {
        guard !report.trail.isEmpty else { return [] }
        return ["| when | what | why |", "| --- | --- | --- |"]
            + report.trail.map { [$0.at.readable, $0.what, $0.why].markdownRow }
    }
}
