package import Analysis
package import Judging

/// A verdict or judgement as lines for a terminal.
package enum VerdictText {
    package static func lines(_ verdict: Verdict) -> [String] {
        var lines = [
            "\(verdict.application) \(verdict.version) in \(verdict.environment): \(verdict.word.uppercased())"
                + " (\(verdict.kind.rawValue), look \(verdict.look) of \(verdict.looks))",
            "  \(verdict.reason)",
        ]
        if let window = verdict.window { lines.append("  samples after \(window.start) up to \(window.end)") }
        lines += verdict.warnings.map { "  warning: \($0)" }
        lines += verdict.metrics.flatMap { metric in
            self.lines(metric.judgement, held: metric.held, warnings: metric.warnings) + queries(of: metric)
        }
        return lines
    }

    /// What was asked about a metric that does not pass: the first thing to look at.
    private static func queries(of metric: MetricVerdict) -> [String] {
        guard metric.judgement.classification != .pass else { return [] }
        return [("control", metric.controlQuery), ("experiment", metric.experimentQuery)].compactMap { side, query in
            query.map { "      \(side) query: \($0.split(whereSeparator: \.isNewline).joined(separator: " "))" }
        }
    }

    package static func lines(_ report: JudgeReport) -> [String] {
        let judgement = report.judgement
        let head =
            "\(judgement.result.rawValue.uppercased()) score \(judgement.score.formatted(decimals: 2)) (\(judgement.judge))"
        return [head] + (judgement.reason.isEmpty ? [] : ["  \(judgement.reason)"])
            + judgement.groups.map { group in
                "  group \(group.name): \(group.noData ? "no data" : group.score.formatted(decimals: 2)),"
                    + " weight \(group.weight.formatted(decimals: 2)) %"
            } + report.warnings.map { "  warning: \($0)" }
            + zip(judgement.metrics, report.metricWarnings).flatMap { lines($0, warnings: $1) }
    }

    package static func lines(
        _ metric: MetricJudgement,
        held: HoldCause? = nil,
        warnings: [String] = []
    ) -> [String] {
        let waits = held.map { ", waiting: \($0.rawValue)" } ?? ""
        var lines = [
            "  \(metric.name): \(metric.classification.rawValue)\(waits)\(metric.criticalFailure ? " (critical)" : "")"
                + "\(metric.muted ? " (muted)" : "")",
            "      control    \(side(metric.control))",
            "      experiment \(side(metric.experiment))",
        ]
        if let reason = metric.reason { lines.append("      \(reason)") }
        if let shift = metric.shift {
            lines.append(
                "      shift \(number(shift.estimate)) (\(number(shift.lower)) to \(number(shift.upper))"
                    + " at \((shift.confidence * 100).formatted(decimals: 1)) %), counts beyond ±\(number(shift.bound))"
            )
        }
        if let effect = metric.effect {
            lines.append(
                "      \(effect.measure.rawValue) \(number(effect.value)), allowed"
                    + " \(number(effect.allowedDecrease)) to \(number(effect.allowedIncrease))"
            )
        }
        return lines + warnings.map { "      warning: \($0)" }
    }

    private static func side(_ side: SampleStatistics) -> String {
        side.count == 0
            ? "no samples"
            : "mean \(number(side.mean)) ± \(number(side.standardDeviation)), \(number(side.minimum)) to"
                + " \(number(side.maximum)), n = \(side.count)"
    }

    package static func number(_ value: Double) -> String {
        abs(value) < 0.001 ? value.readable : value.formatted(decimals: 4)
    }
}
