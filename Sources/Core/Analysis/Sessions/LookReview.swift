package import Judging

/// What the samples of a look allow: which metrics can be judged, which must be waited for, and whether none ever can.
package struct LookReview: Sendable, Equatable {
    package struct Metric: Sendable, Equatable {
        package var pair: MetricPair
        /// Why the metric is not judged; nil when it is.
        package var detail: HoldDetail?
        /// The same in one sentence.
        package var reason: String?
        /// What is missing from the samples that are judged, and what the back end said about them, a sentence each.
        package var warnings: [String] = []

        package var held: HoldCause? { isHopeless ? nil : detail?.cause }

        /// The query, or what it is made from, is wrong: there is nothing to wait for.
        private var isHopeless: Bool {
            guard case .failed(_, let failure) = detail else { return false }
            return failure.holdCause == nil
        }

        /// What is shown of a metric that is not judged: the samples that are there, and why not.
        package var unjudged: MetricJudgement {
            MetricJudgement(
                name: pair.name,
                groups: pair.groups,
                classification: isHopeless ? .error : .nodata,
                reason: reason.map { MetricReason($0) },
                muted: pair.settings.muted,
                control: pair.state?.control.statistics ?? SampleStatistics(of: pair.control),
                experiment: pair.state?.experiment.statistics ?? SampleStatistics(of: pair.experiment),
                telemetry: detail?.telemetry
            )
        }
    }

    /// What was sampled.
    package let samples: LookSamples
    /// In the order of the plan's metrics.
    package private(set) var metrics: [Metric]
    /// The plan or the event is wrong: no later look can be judged either.
    package let impossible: String?

    /// The pairs that the judge gets.
    package var judgeable: [MetricPair] { metrics.filter { $0.detail == nil }.map(\.pair) }

    /// Takes what is settled into the states of the metrics that are judged.
    package mutating func fold(by judge: any Judge) {
        for index in metrics.indices where metrics[index].detail == nil { judge.fold(&metrics[index].pair) }
    }

    /// Keeps what the judgement says of each metric's effect with the metric's state.
    package mutating func record(_ judgement: Judgement) {
        var judged = judgement.metrics[...]
        for index in metrics.indices where metrics[index].detail == nil {
            guard let evidence = judged.popFirst()?.sequential else { continue }
            metrics[index].pair.state?.record(evidence, look: samples.look.number)
        }
    }

    /// The gravest cause to wait for; outages come first, because they say nothing about the release.
    package var hold: (cause: HoldCause, reason: String)? {
        let held = metrics.compactMap { metric in metric.held.map { (cause: $0, reason: metric.reason ?? "") } }
        guard let first = HoldCause.allCases.lazy.compactMap({ cause in held.first { $0.cause == cause } }).first
        else { return nil }
        let others = held.count - 1
        return others == 0
            ? first : (first.cause, first.reason + " (and \(others) more metric\(others == 1 ? "" : "s") waiting)")
    }

    package init(_ samples: LookSamples, plan: AnalysisPlan) {
        self.samples = samples
        let reviewer = MetricReviewer(samples, plan: plan)
        metrics = zip(plan.metrics, samples.metrics).map { reviewer.review($0, $1) }
        impossible =
            zip(plan.metrics, samples.metrics).lazy.filter { plan.waits(for: $0.0) }.compactMap(Self.impossibility)
            .first
    }

    private static func impossibility(of metric: PlannedMetric, _ sampled: MetricSamples) -> String? {
        for side in metric.sides {
            guard let failure = sampled[side].failure, failure.holdCause == nil else { continue }
            return "\(metric.name), \(side.rawValue): \(failure.message)"
        }
        return nil
    }
}
