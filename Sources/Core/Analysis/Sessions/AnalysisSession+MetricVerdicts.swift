import Judging

extension AnalysisSession {
    /// What a look says of each metric.
    func metricVerdicts(of review: LookReview, _ judgement: Judgement?) -> [MetricVerdict] {
        var judged = (judgement?.metrics ?? [])[...]
        return zip(review.metrics, review.samples.metrics).enumerated().map { index, metric in
            let (reviewed, sampled) = metric
            let judgement = reviewed.detail == nil ? judged.popFirst() : nil
            return MetricVerdict(
                judgement: judgement ?? reviewed.unjudged,
                controlQuery: sampled.control.query,
                experimentQuery: sampled.experiment.query,
                controlQueries: sampled.control.queries,
                experimentQueries: sampled.experiment.queries,
                held: reviewed.held,
                warnings: sampled.control.warnings + sampled.experiment.warnings + reviewed.warnings
                    + caveats(of: judgement, in: reviewed),
                outlook: outlook(of: index, reviewed),
                trail: reviewed.pair.state?.effects.points ?? []
            )
        }
    }

    /// Which quirks of its judge a metric met.
    private func caveats(of judgement: MetricJudgement?, in reviewed: LookReview.Metric) -> [String] {
        guard let judgement, plan.judge == NetflixACAJudge.name else { return [] }
        return NetflixACAJudge.caveats(of: judgement, settings: reviewed.pair.settings).map(\.description)
    }

    /// What the metric is expected to show within the lifetime: said until the first look is done.
    private func outlook(of index: Int, _ reviewed: LookReview.Metric) -> String? {
        guard plan.isSequential, lastLook == 0, plan.metrics[index].role != .info, let state = reviewed.pair.state
        else { return nil }
        let measured = state.before.map { before in
            MeasuredCounts(
                control: before.totals,
                experiment: nil,
                duration: plan.schedule.step * before.steps,
                noise: state.noiseBefore
            )
        }
        return DetectionOutlook(
            of: index,
            in: plan,
            isPast: controlOffset > .zero,
            measured: measured,
            weight: event.weight
        ).sentence
    }
}
