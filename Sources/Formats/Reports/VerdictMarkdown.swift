package import Analysis
import Judging

/// A verdict as Markdown, for the summary page of a pipeline.
package enum VerdictMarkdown {
    package static func text(_ verdict: Verdict) -> String {
        var lines = [
            "### \(escaped(verdict.application)) \(escaped(verdict.version)) in \(escaped(verdict.environment)): \(verdict.word)",
            "",
            escaped(verdict.reason),
        ]
        if let note = verdict.planNote { lines += ["", "Plan: \(escaped(note))."] }
        if !verdict.metrics.isEmpty {
            lines += ["", "| metric | result | control | experiment |", "| --- | --- | ---: | ---: |"]
            lines += verdict.metrics.map { row($0.judgement, held: $0.held) }
        }
        lines += verdict.warnings.map { "\nWarning: \(escaped($0))" }
        lines += verdict.metrics.flatMap { metric in
            metric.warnings.map { "\nWarning, \(escaped(metric.judgement.name)): \(escaped($0))" }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func row(_ metric: MetricJudgement, held: HoldCause?) -> String {
        let result =
            metric.classification.rawValue + (held.map { ", waiting: \($0.rawValue)" } ?? "")
            + (metric.criticalFailure ? ", critical" : "")
            + (metric.muted ? ", shown only" : "")
        return "| \(escaped(metric.name)) | \(result) | \(side(metric.control)) | \(side(metric.experiment)) |"
    }

    private static func side(_ side: SampleStatistics) -> String {
        side.count == 0 ? "no samples" : "\(MetricText.number(side.mean)) (n = \(side.count))"
    }

    /// Names come from outside: they stay in their cell and are not read as markup.
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { escaped, scalar in
            switch scalar {
            case "\n", "\r": escaped += " "
            case "|", "\\", "`", "*", "_", "[", "]", "<", ">", "#": escaped += "\\\(scalar)"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
    }
}
