import Judging

/// What the samples of a file allow: the rule of live looks for samples that are missing at the end, where nothing more
/// will come.
///
/// Both sides of a metric begin at one time, so that the one with fewer samples has ended before the other. How many
/// samples the plan asks for, and whether it waits for a side that has none, is about time, which a file does not have.
package struct SeriesReview: Sendable, Equatable {
    /// In the order of the plan's metrics.
    package let metrics: [LookReview.Metric]

    /// - Parameter values: the samples of one side of a metric, by the metric's name; NaN where there is none.
    package init(_ plan: AnalysisPlan, values: (String, Side) -> [Double]) {
        let sampled = plan.metrics.map { metric in
            let (control, experiment) = (values(metric.name, .control), values(metric.name, .experiment))
            let length = max(control.count, experiment.count)
            func side(_ values: [Double]) -> SideSamples {
                let missing = values.isEmpty ? 0 : length - values.count
                return SideSamples(query: metric.name, values: values + Array(repeating: .nan, count: missing))
            }
            return MetricSamples(control: side(control), experiment: side(experiment))
        }
        let schedule = LookSchedule(plan.schedule, deployedAt: Timestamp(milliseconds: 0))
        let look = LookSamples(look: schedule.look(schedule.count), metrics: sampled)
        let reviewer = MetricReviewer(look, plan: plan)
        metrics = zip(plan.metrics, sampled).map { metric, sampled in
            let isZero = metric.noData == .zero
            func judged(_ side: Side) -> [Double] {
                isZero ? sampled[side].values.map { $0.isNaN ? 0 : $0 } : sampled[side].values
            }
            var reviewed = LookReview.Metric(
                pair: MetricPair(
                    name: metric.name,
                    groups: plan.groups(of: metric),
                    control: judged(.control),
                    experiment: judged(.experiment),
                    settings: metric.settings(mustHaveData: metric.noData == .fail)
                )
            )
            // A muted metric is never waited for.
            guard !metric.muted, let detail = reviewer.ending(metric, sampled, &reviewed.pair) else { return reviewed }
            // What is shown is what is there.
            reviewed.pair.control = sampled.control.values
            reviewed.pair.experiment = sampled.experiment.values
            reviewed.detail = detail
            reviewed.reason = detail.reason(metric.name, sampled)
            return reviewed
        }
    }
}
