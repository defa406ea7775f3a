package import Judging

extension Judgement {
    /// A critical metric has failed: that stands on its own, whatever metrics would say that could not be judged.
    package var hasFailedCritically: Bool {
        result == .fail && metrics.contains { $0.criticalFailure && !$0.muted && $0.classification != .pass }
    }

    /// What the analysis becomes that ends with this judgement, and why. An undecided one becomes what the plan says.
    func ending(_ plan: AnalysisPlan) -> (result: JudgementResult, reason: String) {
        let summary = summary(plan.thresholds)
        let isUndecided = result == .inconclusive && metrics.contains { $0.sequential != nil }
        guard isUndecided else { return (result, summary) }
        switch plan.sequential.undecided {
        case .inconclusive: return (.inconclusive, "undecided at the end of the analysis: \(summary)")
        case .pass where metrics.contains { !$0.muted && $0.sequential?.lacksEvents == true }:
            return (.inconclusive, "undecided, and a metric has no series: \(summary)")
        case .pass where !plan.sequential.passesWithWrongSplit && isSplitWrong:
            return (.inconclusive, "undecided, and the split is not what the event says: \(summary)")
        case .pass:
            return (.pass, "no harm was found, and none ruled out; the plan passes what is undecided: \(summary)")
        case .fail: return (.fail, "undecided at the end of the analysis, which the plan fails: \(summary)")
        }
    }

    private var isSplitWrong: Bool { metrics.contains { !$0.muted && $0.sequential?.split?.isWrong == true } }

    /// Why the judgement came out as it did, in one sentence with the numbers of up to three metrics that did not pass.
    package func summary(_ thresholds: Thresholds) -> String {
        let score =
            "score \(score.formatted(decimals: 2)) (pass \(thresholds.pass.formatted(decimals: 2)),"
            + " marginal \(thresholds.marginal.formatted(decimals: 2)))"
        let failing = metrics.filter { !$0.muted && ![.pass, .nodata].contains($0.classification) }
        guard result != .pass, !failing.isEmpty else { return reason.isEmpty ? score : "\(reason); \(score)" }
        let shown = failing.sorted { $0.criticalFailure && !$1.criticalFailure }.prefix(3).map(\.evidence)
        let others = failing.count - shown.count
        return shown.joined(separator: "; ") + (others > 0 ? "; and \(others) more" : "") + "; \(score)"
    }
}

extension MetricJudgement {
    /// The metric's outcome with its numbers.
    fileprivate var evidence: String {
        // Conditions and the sequential judge say their numbers themselves.
        if !conditions.isEmpty || sequential != nil, let reason { return reason.text }
        let label = "\(name) \(classification.rawValue)\(criticalFailure ? " (critical)" : "")"
        guard control.count > 0, experiment.count > 0 else { return reason.map { "\(label): \($0)" } ?? label }
        return "\(label): mean \(experiment.mean.readable) against \(control.mean.readable)"
            + " (\(experiment.count) and \(control.count) samples)"
    }
}
