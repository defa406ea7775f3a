/// The judge that Spinnaker's Kayenta ships as `NetflixACAJudge-v1.0`, number for number.
///
/// Each metric is compared by a Mann-Whitney interval of the shift between the sides and by an effect size; the share
/// of passing metrics per group makes the score. Kayenta's rules are kept where one would choose others today (an
/// absolute root-finder tolerance, groups without data counting as 100, weights that are not normalised), so that
/// a plan judged by Kayenta gets the same answer here. The one difference is where Kayenta answers at random: two
/// constant sides (see `DegenerateNoise`).
package struct NetflixACAJudge: Judge {
    package static let name = "NetflixACAJudge-v1.0"

    package init() {}

    package func judgement(of metrics: [MetricJudgement], from pairs: [MetricPair], by rules: ScoringRules) -> Judgement
    {
        Self.judgement(of: metrics, by: rules)
    }

    /// Scores metrics that are classified already. Muted ones are shown and do not count.
    static func judgement(of metrics: [MetricJudgement], by rules: ScoringRules) -> Judgement {
        let counted = metrics.filter { !$0.muted }
        let groups = GroupScores(of: counted, weights: rules.groupWeights)

        let score: Double
        let reason: String
        if let failure = counted.first(where: { $0.criticalFailure && $0.classification != .pass }) {
            score = 0
            reason = "Canary Failed: \(failure.reason?.text ?? "null")"
        } else if missesHalf(of: counted) {
            score = 0
            reason = "Canary Failed: 50% or more metrics returned NODATA"
        } else {
            score = groups.summary
            reason = ""
        }

        let result: JudgementResult = score >= rules.pass ? .pass : score >= rules.marginal ? .marginal : .fail
        return Judgement(
            judge: name,
            result: result,
            score: score,
            reason: reason,
            groups: groups.scores,
            metrics: metrics
        )
    }

    package func judge(_ pair: borrowing MetricPair, in workspace: inout JudgingWorkspace) -> MetricJudgement {
        let moments = workspace.load(pair)
        let control = workspace.control.statistics(moments.control)
        let experiment = workspace.experiment.statistics(moments.experiment)
        let outcome = MannWhitneyClassifier(name: pair.name, settings: pair.settings).classify(moments, in: &workspace)
        return MetricJudgement(
            name: pair.name,
            groups: pair.groups,
            classification: outcome.classification,
            reason: outcome.reason,
            criticalFailure: outcome.criticalFailure,
            muted: pair.settings.muted,
            control: control,
            experiment: experiment,
            ratio: outcome.ratio,
            evidence: .of(effect: outcome.effect, shift: outcome.shift, conditions: [], sequential: nil)
        )
    }

    /// Metrics in error count as metrics here but not as missing; no metrics at all are not missing data.
    private static func missesHalf(of metrics: [MetricJudgement]) -> Bool {
        let missing = metrics.count { $0.classification == .nodata }
        return Double(missing) / Double(metrics.count) * 100 >= 50
    }
}
