/// Judges each metric by the conditions that its plan writes.
///
/// A metric passes while its pass condition holds, is marginal while only its marginal condition does, and fails
/// otherwise. Passing counts 1, marginal 0.5 and failing 0, weighted inside each group; groups are weighted by the rules.
/// A critical metric that fails brings the score to 0 and fails the look. Metrics without data, in error or muted count
/// in nothing; when none is left the look is inconclusive, and so it is when a critical metric cannot be judged at all.
package struct ConditionsJudge: Judge {
    package static let name = "conditions"

    package init() {}

    package func judge(_ pairs: [MetricPair], by rules: ScoringRules) -> Judgement {
        let metrics = pairs.map(Self.judge)
        let counted = zip(pairs, metrics).filter { !$1.muted }.map {
            WeightedMetric(metric: $1, weight: $0.settings.weight)
        }
        let groups = WeightedGroupScores(of: counted, weights: rules.groupWeights)
        let brokenCritical = zip(pairs, metrics).first { pair, metric in
            pair.settings.critical && !metric.muted && metric.classification == .error
        }

        if let failure = counted.first(where: { $0.metric.criticalFailure })?.metric {
            return Judgement(
                judge: Self.name,
                result: .fail,
                score: 0,
                reason: "A critical metric fails: \(failure.reason ?? failure.name)",
                groups: groups.scores,
                metrics: metrics
            )
        }
        if let (_, metric) = brokenCritical {
            return Judgement(
                judge: Self.name,
                result: .inconclusive,
                score: groups.summary ?? 0,
                reason: "A critical metric cannot be judged: \(metric.reason ?? metric.name)",
                groups: groups.scores,
                metrics: metrics
            )
        }
        guard let score = groups.summary else {
            return Judgement(
                judge: Self.name,
                result: .inconclusive,
                score: 0,
                reason: "No metric that counts has data.",
                groups: groups.scores,
                metrics: metrics
            )
        }
        let result: JudgementResult = score >= rules.pass ? .pass : score >= rules.marginal ? .marginal : .fail
        return Judgement(
            judge: Self.name,
            result: result,
            score: score,
            reason: Self.reason(for: result, score: score, metrics: counted.map(\.metric), rules: rules),
            groups: groups.scores,
            metrics: metrics
        )
    }

    private static func judge(_ pair: MetricPair) -> MetricJudgement {
        let control = PreparedSamples(pair.control, settings: pair.settings)
        let experiment = PreparedSamples(pair.experiment, settings: pair.settings)
        let outcome = ConditionOutcome(
            name: pair.name,
            settings: pair.settings,
            control: control.values,
            experiment: experiment.values
        )
        let hasBoth = !control.values.isEmpty && !experiment.values.isEmpty
        return MetricJudgement(
            name: pair.name,
            groups: pair.groups,
            classification: outcome.classification,
            reason: outcome.reason,
            criticalFailure: outcome.criticalFailure,
            muted: pair.settings.muted,
            control: control.statistics,
            experiment: experiment.statistics,
            ratio: hasBoth ? MeanRatio.of(control: control.values, experiment: experiment.values) : nil,
            conditions: outcome.evidence
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
