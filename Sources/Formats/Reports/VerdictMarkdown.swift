package import Analysis
import Judging

/// A verdict as Markdown, for the summary page of a pipeline.
package enum VerdictMarkdown {
    package static func text(_ verdict: Verdict) -> String {
        var lines = [
            "### \("\(verdict.application) \(verdict.version) in \(verdict.environment)".markdownText): \(verdict.word)",
            "",
            verdict.reason.markdownText,
        ]
        if let note = verdict.planNote { lines += ["", "Plan: \(note.markdownText)."] }
        if !verdict.metrics.isEmpty {
            lines += [""] + table(verdict)
        }
        let basis = verdict.metrics.filter { !$0.judgement.muted }.compactMap { metric -> String? in
            let text = MetricText(metric, times: verdict.times)
            let basis = text.basis + text.course
            return basis.isEmpty
                ? nil : "- \(metric.judgement.name.markdownText): \(basis.joined(separator: "; ").markdownText)"
        }
        if !basis.isEmpty { lines += [""] + basis }
        let changes = (verdict.changes.map { ChangesReport($0).lines } ?? []).map { "- \($0.markdownText)" }
        if !changes.isEmpty { lines += ["", "What else changed:", ""] + changes }
        lines += verdict.warnings.map { "\nWarning: \($0.markdownText)" }
        lines += verdict.metrics.flatMap { metric in
            metric.warnings.map { "\nWarning, \(metric.judgement.name.markdownText): \($0.markdownText)" }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func table(_ verdict: Verdict) -> [String] {
        guard verdict.metrics.contains(where: { $0.judgement.sequential != nil }) else {
            return ["| metric | result | control | experiment |", "| --- | --- | ---: | ---: |"]
                + verdict.metrics.map { row($0, of: verdict, []) }
        }
        return [
            "| metric | result | control | experiment | ratio | evidence |", "| --- | --- | ---: | ---: | ---: | --- |",
        ]
            + verdict.metrics.map { metric in
                let cells = MetricText(metric, times: verdict.times).row
                return row(metric, of: verdict, [cells[3], cells.count > 5 ? cells[5] : ""])
            }
    }

    private static func row(_ metric: MetricVerdict, of verdict: Verdict, _ more: [String]) -> String {
        let judgement = metric.judgement
        let result =
            judgement.classification.rawValue + (metric.held.map { ", waiting: \($0.rawValue)" } ?? "")
            + (judgement.criticalFailure ? ", critical" : "")
            + (judgement.muted ? ", shown only" : "")
        let shown = judgement.sequential.map { _ in MetricText(metric, times: verdict.times).row }
        let sides = shown.map { [$0[1], $0[2]] } ?? [side(judgement.control), side(judgement.experiment)]
        let cells = [judgement.name, result] + sides + more
        return cells.markdownRow
    }

    private static func side(_ side: SampleStatistics) -> String {
        side.count == 0 ? "no samples" : "\(MetricText.number(side.mean)) (n = \(side.count))"
    }
}
