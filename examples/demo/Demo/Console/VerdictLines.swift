import Analysis
import EventFormats
import Judging

/// What the terminal says about a verdict and about an action.
struct VerdictLines: Sendable {
    let plan: DemoPlan
    let style: Style

    /// A heading, a table of the metrics, why, and what comes next.
    func lines(_ verdict: Verdict) -> [String] {
        var lines = [heading(verdict)]
        if !verdict.metrics.isEmpty { lines += table(verdict.metrics) }
        lines += verdict.metrics.compactMap { metric in
            let judgement = metric.judgement
            guard let reason = judgement.reason, judgement.classification != .pass, !judgement.muted else { return nil }
            return "    \(judgement.name): \(reason)"
        }
        lines.append("    why:  \(verdict.reason)")
        if verdict.kind == .interim { lines.append(style.dim("    next: \(verdict.nextStep)")) }
        return lines
    }

    func lines(_ action: RolloutAction) -> [String] {
        let text = "controller: \(action.action.rawValue) \(action.version): \(action.outcome.rawValue)"
        let coloured = action.outcome == .done ? style.bold(text) : style.yellow(text)
        return ["  \(coloured)", "    why:  \(action.reason)"] + (action.detail.map { ["    \($0)"] } ?? [])
    }

    private func heading(_ verdict: Verdict) -> String {
        var parts = ["look \(verdict.look) of \(verdict.looks)"]
        if let window = verdict.window {
            let samples = window.sampleCount(step: verdict.step)
            let times = "\(ReadableSample.time(window.start)) to \(ReadableSample.time(window.end))"
            parts.append("\(times), \(samples) steps")
        }
        if let score = verdict.score { parts.append("score \(score.formatted(decimals: 0))") }
        let result = verdict.status == .completed ? verdict.result.rawValue : verdict.status.rawValue
        let kind = verdict.kind == .final ? style.bold("final verdict") : "so far"
        return "  \(parts.joined(separator: " · ")) · \(kind): \(colour(verdict)(result))"
    }

    private func colour(_ verdict: Verdict) -> (String) -> String {
        guard verdict.status == .completed else { return style.yellow }
        return switch verdict.result {
        case .pass: style.green
        case .fail: style.red
        case .marginal, .inconclusive, .unknown: style.yellow
        }
    }

    private func table(_ metrics: [MetricVerdict]) -> [String] {
        var table = TextTable(edges: [.left, .right, .right, .right, .left])
        table.rows.append(["metric", "stable", "canary", "ratio", "result"])
        table.rows += metrics.map(row)
        return zip(table.lines.indices, table.lines).map { index, line in
            index == 0 ? style.dim("    \(line)") : "    \(emphasised(line, metrics[index - 1]))"
        }
    }

    private func row(_ metric: MetricVerdict) -> [String] {
        let judgement = metric.judgement
        let unit = plan.unit(of: judgement.name)
        func side(_ statistics: SampleStatistics) -> String {
            guard statistics.count > 0 else { return "no samples" }
            return "\(ReadableSample.text(statistics.mean, unit)) (n \(statistics.count))"
        }
        var result = metric.held.map { "waiting: \($0.rawValue)" } ?? judgement.classification.rawValue
        if judgement.criticalFailure { result += ", critical" }
        if judgement.muted { result = "shown only" }
        let ratio = judgement.control.mean == 0 ? "" : ReadableSample.ratio(judgement.ratio)
        return [judgement.name, side(judgement.control), side(judgement.experiment), ratio, result]
    }

    private func emphasised(_ line: String, _ metric: MetricVerdict) -> String {
        if metric.judgement.muted { return style.dim(line) }
        if metric.held != nil { return style.yellow(line) }
        switch metric.judgement.classification {
        case .pass: return line
        case .high, .low, .fail, .nodataFailMetric: return style.red(line)
        case .marginal, .nodata, .error, .unknown: return style.yellow(line)
        }
    }
}
