import Judging

/// `NetflixACAJudge-v1.0` as the service asks it: at each look on all samples since the start, with `failFast: onFail`.
///
/// Metrics fail in the direction that is worse, with the limits that a plan has when it names none. Compared with the past,
/// the control is the window of one lifetime earlier, up to the same length.
final class NetflixACALooks: EvaluatedJudge {
    static let name = NetflixACAJudge.name
    static let nameOfOnce = "\(NetflixACAJudge.name)-once"

    /// The service waits for a side with fewer; what a plan says that says nothing about it.
    private static let minimumSamples = 5

    private let metrics: [EvaluatedMetric]
    private let planned: Int
    private let looksAtEndOnly: Bool
    private let isBefore: Bool
    private var pairs: [MetricPair]
    private var looks = 0
    private var workspace = JudgingWorkspace()
    private var last: JudgementResult = .inconclusive

    init(_ analysis: EvaluatedAnalysis, looksAtEndOnly: Bool) {
        metrics = analysis.metrics
        planned = analysis.planned
        isBefore = analysis.comparison == .before
        self.looksAtEndOnly = looksAtEndOnly
        pairs = analysis.metrics.map { metric in
            let settings = MetricSettings(
                direction: metric.fallsWhenWorse ? .decrease : .increase,
                critical: metric.isCritical
            )
            return MetricPair(name: metric.name, groups: ["all"], control: [], experiment: [], settings: settings)
        }
    }

    func look(_ units: [EvaluatedUnit]) -> EvaluatedDecision? {
        for (index, unit) in units.enumerated() {
            let sample = SampledUnit(unit, of: metrics[index])
            pairs[index].experiment.append(sample.experiment)
            pairs[index].control.append(isBefore ? earlier(metrics[index]) : sample.control)
        }
        looks += 1
        guard !looksAtEndOnly || looks == planned else { return nil }
        let isSampled = pairs.allSatisfy { pair in
            min(pair.control.count { !$0.isNaN }, pair.experiment.count { !$0.isNaN }) >= Self.minimumSamples
        }
        guard isSampled else { return nil }
        last = NetflixACAJudge().judge(pairs, by: ScoringRules(), in: &workspace).result
        return last == .fail ? .fail : nil
    }

    func passesAtEnd() -> Bool { last == .pass }

    private func earlier(_ metric: EvaluatedMetric) -> Double {
        let index = metric.earlier.count - planned + looks
        return metric.earlier.indices.contains(index) ? metric.earlier[index] : .nan
    }
}
