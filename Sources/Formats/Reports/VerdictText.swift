package import Analysis
import Judging

/// A verdict, a judgement and what was done about it, as lines for a terminal.
package struct VerdictText: Sendable {
    /// How much is said about a metric beside its row in the table.
    package enum Detail: Sendable {
        /// Why it does not pass.
        case reasons
        /// Its samples, what the judge found in them, and what was asked, where it does not pass.
        case evidence
    }

    let style: TerminalStyle
    let detail: Detail
    /// What the columns of the two sides are called.
    let sides: (control: String, experiment: String)

    package init(
        style: TerminalStyle = TerminalStyle(isColoured: false),
        detail: Detail = .evidence,
        sides: (control: String, experiment: String) = ("control", "experiment")
    ) {
        self.style = style
        self.detail = detail
        self.sides = sides
    }

    /// `checkout 2.4.0 in production: FAIL`
    package func title(_ verdict: Verdict) -> String {
        let word = colour(verdict)(verdict.word.uppercased())
        let name = "\(verdict.application) \(verdict.version) in \(verdict.environment): \(word)"
        return verdict.planSource.map { "\(name), \(style.yellow("by a plan that \($0)"))" } ?? name
    }

    /// A heading, a table of the metrics, why, and what comes next.
    package func lines(_ verdict: Verdict) -> [String] {
        var lines = [heading(verdict)]
        if !verdict.metrics.isEmpty { lines += table(verdict) }
        lines += verdict.metrics.flatMap { metric in
            switch detail {
            case .reasons: reason(metric, of: verdict).map { ["    \(metric.judgement.name): \($0)"] } ?? []
            case .evidence: explained(metric, of: verdict)
            }
        }
        if let note = verdict.planNote { lines.append("    plan: \(note)") }
        lines.append("    why:  \(verdict.reason)")
        lines += (verdict.changes.map { ChangesReport($0).lines } ?? []).map { "    what else changed: \($0)" }
        if detail == .evidence { lines += verdict.warnings.map { "    warning: \($0)" } }
        if verdict.kind == .interim { lines.append(style.dim("    next: \(verdict.nextStep)")) }
        return lines
    }

    /// What the rollout controller did.
    package func lines(_ action: RolloutAction) -> [String] {
        let text = "controller: \(action.action.rawValue) \(action.version): \(action.outcome.rawValue)"
        let coloured = action.outcome == .done ? style.bold(text) : style.yellow(text)
        return ["  \(coloured)", "    why:  \(action.reason)"] + (action.detail.map { ["    \($0)"] } ?? [])
    }

    package func lines(_ report: JudgeReport) -> [String] {
        let judgement = report.judgement
        let head =
            "\(judgement.result.rawValue.uppercased()) score \(judgement.score.formatted(decimals: 2)) (\(judgement.judge))"
        return [head] + (judgement.reason.isEmpty ? [] : ["  \(judgement.reason)"])
            + judgement.groups.map { group in
                "  group \(group.name): \(group.noData ? "no data" : group.score.formatted(decimals: 2)),"
                    + " weight \(group.weight.formatted(decimals: 2)) %"
            } + report.warnings.map { "  warning: \($0)" }
            + report.metrics.flatMap { MetricText($0).lines }
    }

    private func heading(_ verdict: Verdict) -> String {
        var parts = ["look \(verdict.look) of \(verdict.looks)"]
        if let window = verdict.window {
            let samples = window.sampleCount(step: verdict.step)
            let times = "\(ReadableSample.time(window.start)) to \(ReadableSample.time(window.end))"
            parts.append("\(times), \(samples) steps")
        }
        // The sequential judge says in a sentence what its score would be a short form of.
        let isSaidInWords = verdict.judge == AnalysisPlan.sequentialJudge
        if let score = verdict.score, !isSaidInWords { parts.append("score \(score.formatted(decimals: 0))") }
        let kind = verdict.kind == .final ? style.bold("final verdict") : "so far"
        return "  \(parts.joined(separator: " · ")) · \(kind): \(colour(verdict)(verdict.word))"
    }

    private func colour(_ verdict: Verdict) -> (String) -> String {
        guard verdict.status == .completed else { return style.yellow }
        return switch verdict.result {
        case .pass: style.green
        case .fail: style.red
        case .marginal, .inconclusive, .unknown: style.yellow
        }
    }

    /// Not where the verdict's own reason says it.
    private func reason(_ metric: MetricVerdict, of verdict: Verdict) -> String? {
        let judgement = metric.judgement
        guard judgement.classification != .pass, !judgement.muted, let reason = judgement.reason?.text else {
            return nil
        }
        return judgement.sequential != nil && verdict.reason.contains(reason) ? nil : reason
    }

    /// All that is known of a metric that does not pass; of others what may surprise.
    private func explained(_ metric: MetricVerdict, of verdict: Verdict) -> [String] {
        let name = metric.judgement.name
        let isPlain = metric.judgement.classification == .pass && metric.held == nil || metric.judgement.muted
        let warnings = metric.warnings.map { "    \(name): warning: \($0)" }
        let text = MetricText(metric, times: verdict.times)
        if metric.judgement.sequential != nil {
            let known = [reason(metric, of: verdict)].compactMap(\.self) + text.basis + text.course
            let lines = metric.judgement.muted ? [] : known + (isPlain ? [] : text.trail.map { "  \($0)" })
            return lines.map { "    \(name): \($0)" } + warnings + (isPlain ? [] : text.queries.map { "  \($0)" })
        }
        if isPlain { return warnings }
        let course = metric.judgement.muted ? [] : text.course
        return (text.lines + course.map { "      \($0)" } + text.queries).map { "  \($0)" }
    }

    private func table(_ verdict: Verdict) -> [String] {
        let metrics = verdict.metrics
        var table = TextTable(edges: [.left, .right, .right, .right, .left, .left])
        let isSequential = metrics.contains { $0.judgement.sequential != nil }
        table.rows.append(
            ["metric", sides.control, sides.experiment, "ratio", "result"] + (isSequential ? ["evidence"] : [])
        )
        table.rows += metrics.map { MetricText($0, times: verdict.times).row }
        return table.lines.enumerated().map { index, line in
            index == 0 ? style.dim("    \(line)") : "    \(emphasised(line, metrics[index - 1]))"
        }
    }

    private func emphasised(_ line: String, _ metric: MetricVerdict) -> String {
        if metric.judgement.muted { return style.dim(line) }
        if metric.held != nil { return style.yellow(line) }
        switch metric.judgement.classification {
        case .pass: return line
        case .high, .low, .fail, .nodataFailMetric: return style.red(line)
        case .undecided, .marginal, .nodata, .error, .unknown: return style.yellow(line)
        }
    }
}
