/// Judges each metric by the conditions that its plan writes.
///
/// A metric passes while its pass condition holds, is marginal while only its marginal condition does, and fails
/// otherwise. Passing counts 1, marginal 0.5 and failing 0, weighted inside each group; groups are weighted by the rules.
/// A critical metric that fails brings the score to 0 and fails the look. Metrics without data, in error or muted count
/// in nothing; when none is left the look is inconclusive, and so it is when a critical metric cannot be judged at all.
package struct ConditionsJudge: Judge {
    package static let name = "conditions"

    package init() {}

    package func judgement(of metrics: [MetricJudgement], from pairs: [MetricPair], by rules: ScoringRules) -> Judgement
    {
        let counted = zip(pairs, metrics).filter { !$1.muted }.map {
            WeightedMetric(metric: $1, weight: $0.settings.weight)
        }
        let groups = WeightedGroupScores(of: counted, weights: rules.groupWeights)
        let unjudged = zip(pairs, metrics).first { pair, metric in
            pair.settings.critical && !metric.muted && metric.classification == .error
        }

        let result: JudgementResult
        let score: Double
        let reason: String
        if let failure = counted.first(where: { $0.metric.criticalFailure })?.metric {
            result = .fail
            score = 0
            reason = "A critical metric fails: \(failure.reason?.text ?? failure.name)"
        } else if let (_, metric) = unjudged {
            result = .inconclusive
            score = groups.summary ?? 0
            reason = "A critical metric cannot be judged: \(metric.reason?.text ?? metric.name)"
        } else if let summary = groups.summary {
            result = summary >= rules.pass ? .pass : summary >= rules.marginal ? .marginal : .fail
            score = summary
            reason = Self.reason(for: result, score: score, metrics: counted.map(\.metric), rules: rules)
        } else {
            result = .inconclusive
            score = 0
            reason = "No metric that counts has data."
        }
        return Judgement(
            judge: Self.name,
            result: result,
            score: score,
            reason: reason,
            groups: groups.scores,
            metrics: metrics
        )
    }

    package func judge(_ pair: borrowing MetricPair, in workspace: inout JudgingWorkspace) -> MetricJudgement {
        let moments = workspace.load(pair)
        let outcome = ConditionOutcome(
            name: pair.name,
            settings: pair.settings,
            control: workspace.control,
            experiment: workspace.experiment
        )
        let hasBoth = !workspace.control.isEmpty && !workspace.experiment.isEmpty
        return MetricJudgement(
            name: pair.name,
            groups: pair.groups,
            classification: outcome.classification,
            reason: outcome.reason.map { MetricReason($0) },
            criticalFailure: outcome.criticalFailure,
            muted: pair.settings.muted,
            control: workspace.control.statistics(moments.control),
            experiment: workspace.experiment.statistics(moments.experiment),
            ratio: hasBoth
                ? MeanRatio.of(control: moments.control.mean, experiment: moments.experiment.mean) : nil,
            evidence: outcome.evidence.isEmpty ? .none : .conditions(outcome.evidence)
        )
    }

    private static func reason(
        for result: JudgementResult,
        score: Double,
        metrics: [MetricJudgement],
        rules: ScoringRules
    ) -> String {
        guard result != .pass else { return "" }
        let failing = metrics.filter { [.fail, .nodataFailMetric].contains($0.classification) }
        let marginal = metrics.filter { $0.classification == .marginal }
        let parts = [("fail", failing), ("marginal", marginal)].filter { !$1.isEmpty }.map { word, metrics in
            "\(word): \(Self.list(metrics.map(\.name)))"
        }
        let limit = result == .marginal ? "pass \(rules.pass.readable)" : "marginal \(rules.marginal.readable)"
        let head = "Score \(score.readable) is below \(limit)"
        return parts.isEmpty ? "\(head)." : "\(head) (\(parts.joined(separator: "; ")))."
    }

    /// The first names, and how many more there are.
    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(5).joined(separator: ", ")
        return names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
    }
}
