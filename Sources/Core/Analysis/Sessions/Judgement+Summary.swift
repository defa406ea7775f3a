package import Judging

extension Judgement {
    /// A critical metric has failed: that stands on its own, whatever metrics would say that could not be judged.
    package var hasFailedCritically: Bool {
        result == .fail && metrics.contains { $0.criticalFailure && !$0.muted && $0.classification != .pass }
    }

    /// What the analysis becomes that ends with this judgement, and why. An undecided one becomes what the plan says.
    func ending(_ plan: AnalysisPlan) -> (result: JudgementResult, reason: String) {
        let isUndecided = result == .inconclusive && metrics.contains { $0.sequential != nil }
        guard isUndecided else { return (result, summary(plan.thresholds)) }
        let evidence = shown(undecidedFirst, clause)
        let awaited = awaited(by: plan)
        if let name = awaited.first(where: \.showsDegradedEnvironment)?.name {
            return (.inconclusive, "environment-degraded, as \(name) shows: \(evidence)")
        }
        switch plan.sequential.undecided {
        case .inconclusive: return (.inconclusive, "undecided at the end of the analysis: \(evidence)")
        case .pass:
            if let lack = lackOfPass(awaited, plan.sequential) {
                return (.inconclusive, "undecided, and \(lack): \(evidence)")
            }
            return (.pass, "no harm was found, and none ruled out; the plan passes what is undecided: \(evidence)")
        case .fail: return (.fail, "undecided at the end of the analysis, which the plan fails: \(evidence)")
        }
    }

    /// Why what is undecided does not pass, whatever the plan says: each metric that a pass waits for has been compared, up to
    /// the end.
    private func lackOfPass(_ awaited: [MetricJudgement], _ policy: SequentialPolicy) -> String? {
        func some(_ isSo: (SequentialEvidence) -> Bool?) -> Bool {
            awaited.contains { $0.sequential.flatMap(isSo) == true }
        }
        if awaited.contains(where: { $0.telemetry?.isWithoutTraffic == true }) { return "a side has no traffic" }
        if awaited.contains(where: \.awaitsComparison) { return "a metric has not been compared" }
        if !some({ _ in true }) { return "no metric that must pass has been compared" }
        if let open = awaited.first(where: \.decidesNothing) { return "\(open.name) decides nothing as it stands" }
        if !policy.passesWithWrongSplit, some({ $0.split?.isWrong }) { return "the split is not what the event says" }
        if some({ $0.strata?.isHeld }) { return "a part of the traffic is compared with nothing" }
        if some({ $0.newValues?.isHeld }) { return "the new version has new values" }
        return some { $0.pods?.treatment == .held } ? "one pod does harm" : nil
    }

    /// The metrics that a pass waits for.
    private func awaited(by plan: AnalysisPlan) -> [MetricJudgement] {
        let names = Set(plan.metrics.lazy.filter(plan.waits).map(\.name))
        return metrics.filter { names.contains($0.name) }
    }

    /// Why an analysis says nothing about the release that ends undecided with this judgement.
    func undecidedCause(by plan: AnalysisPlan) -> UndecidedCause {
        let awaited = awaited(by: plan)
        if awaited.contains(where: \.showsDegradedEnvironment) { return .environmentDegraded }
        if awaited.contains(where: { $0.telemetry?.isWithoutTraffic == true }) { return .noTraffic }
        let hasComparedNothing =
            judge == SequentialJudge.name && !metrics.contains { !$0.muted && $0.sequential != nil }
        return hasComparedNothing ? .noData : .judge
    }

    /// Why the judgement came out as it did, in one sentence with the numbers of up to three metrics that did not pass.
    package func summary(_ thresholds: Thresholds) -> String {
        if judge == SequentialJudge.name || metrics.contains(where: { $0.sequential != nil }) {
            return sequentialSummary
        }
        let score =
            "score \(score.formatted(decimals: 2)) (pass \(thresholds.pass.formatted(decimals: 2)),"
            + " marginal \(thresholds.marginal.formatted(decimals: 2)))"
        let failing = metrics.filter { !$0.muted && ![.pass, .nodata].contains($0.classification) }
        guard result != .pass, !failing.isEmpty else { return reason.isEmpty ? score : "\(clause); \(score)" }
        return shown(failing.sorted { $0.criticalFailure && !$1.criticalFailure }, score)
    }

    /// The judge's own reason as a part of a sentence.
    private var clause: String { reason.hasSuffix(".") ? String(reason.dropLast()) : reason }

    /// The evidence itself: a score says nothing that decides here.
    private var sequentialSummary: String {
        let counted = metrics.filter { !$0.muted }
        switch result {
        case .fail:
            let failing = counted.filter { ![.pass, .nodata, .undecided].contains($0.classification) }
            return shown(failing.sorted { $0.criticalFailure && !$1.criticalFailure }, clause)
        case .pass: return "no harm: " + shown(counted.filter { $0.classification == .pass }, clause)
        case .inconclusive, .marginal, .unknown:
            let shown = shown(undecidedFirst, clause)
            return shown.isEmpty ? "undecided so far" : "undecided so far: \(shown)"
        }
    }

    /// What keeps a judgement from a decision; what points to harm most comes first.
    private var undecidedFirst: [MetricJudgement] {
        metrics.filter { !$0.muted && $0.classification != .pass }.sorted {
            ($0.sequential?.harmEvidence ?? 0) > ($1.sequential?.harmEvidence ?? 0)
        }
    }

    /// Up to three metrics with their numbers, and what ends the sentence; empty where that is empty.
    private func shown(_ metrics: [MetricJudgement], _ end: String) -> String {
        let others = metrics.count - 3
        let parts = metrics.prefix(3).map(\.evidence) + (others > 0 ? ["and \(others) more"] : [])
        return (parts + (end.isEmpty ? [] : [end])).joined(separator: "; ")
    }
}

extension MetricJudgement {
    /// Both sides are in trouble.
    fileprivate var showsDegradedEnvironment: Bool { sequential?.environment?.isDegraded == true }

    /// The metric's outcome with its numbers.
    fileprivate var evidence: String {
        // Conditions and the sequential judge say their numbers themselves.
        if let reason {
            let isWhole = reason.text.hasPrefix("\(name): ") || reason.text.hasPrefix("\(name), ")
            if isWhole || !conditions.isEmpty || sequential != nil { return reason.text }
        }
        let label = "\(name) \(classification.rawValue)\(criticalFailure ? " (critical)" : "")"
        guard control.count > 0, experiment.count > 0 else { return reason.map { "\(label): \($0)" } ?? label }
        return "\(label): mean \(experiment.mean.readable) against \(control.mean.readable)"
            + " (\(experiment.count) and \(control.count) samples)"
    }
}
