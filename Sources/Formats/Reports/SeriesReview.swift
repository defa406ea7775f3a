package import Analysis
package import Judging

/// What series from a file allow: the pairs that a judge gets, and which sides end before the others do.
///
/// The rules are those of a last look, so that a file passes only where a release with the same samples would.
package struct SeriesReview {
    /// In the order of the plan's metrics.
    package private(set) var pairs: [MetricPair] = []
    /// What is missing from the samples that are judged, for each metric.
    package private(set) var warnings: [[String]] = []
    /// Why a pass would not be one: a sentence for each metric of which a side has ended.
    package private(set) var ended: [String] = []

    package init(_ plan: AnalysisPlan, values: (PlannedMetric, Side) -> [Double]) {
        let samples = plan.metrics.map { Self.samples($0, values) }
        let look = Look(
            number: 1,
            window: TimeWindow(start: Timestamp(milliseconds: 0), end: Timestamp(milliseconds: 0)),
            due: Timestamp(milliseconds: 0),
            isLast: true
        )
        let review = LookReview(LookSamples(look: look, metrics: samples), plan: plan)
        for ((metric, reviewed), sampled) in zip(zip(plan.metrics, review.metrics), samples) {
            var pair = MetricPair(
                name: metric.name,
                groups: plan.groups(of: metric),
                control: values(metric, .control),
                experiment: values(metric, .experiment),
                settings: metric.settings(mustHaveData: metric.noData == .fail)
            )
            switch reviewed.detail {
            case .ended?: ended.append(reviewed.reason ?? metric.name)
            case .tooFewSamples(let side, _)?
            where sampled[side].coverage.hasEnded(newest: plan.schedule.newestSamples):
                ended.append(reviewed.reason ?? metric.name)
            // Left out of the score, or with zeros in its place, it would pass.
            case .noSamples? where metric.noData == .hold || metric.nanStrategy == .replace:
                ended.append(reviewed.reason ?? metric.name)
            case nil where metric.noData == .fail && sampled.experiment.presentCount > 0: pair = reviewed.pair
            case nil where metric.noData == .zero:
                pair.control = reviewed.pair.control.map { $0.isNaN ? 0 : $0 }
                pair.experiment = reviewed.pair.experiment.map { $0.isNaN ? 0 : $0 }
            default: break
            }
            pairs.append(pair)
            // Of a side without any sample the judge speaks itself.
            let isThere = metric.sides.allSatisfy { sampled[$0].presentCount > 0 }
            warnings.append(isThere ? reviewed.warnings : [])
        }
    }

    /// A shorter side lacks its newest samples.
    private static func samples(_ metric: PlannedMetric, _ values: (PlannedMetric, Side) -> [Double]) -> MetricSamples {
        let count = metric.sides.map { values(metric, $0).count }.max() ?? 0
        func side(_ side: Side) -> SideSamples {
            let values = values(metric, side)
            return SideSamples(query: nil, values: values + Array(repeating: .nan, count: max(0, count - values.count)))
        }
        return MetricSamples(control: side(.control), experiment: side(.experiment))
    }
}
