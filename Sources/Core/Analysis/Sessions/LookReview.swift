package import Judging

/// What the samples of a look allow: which metrics can be judged, which must be waited for, and whether none ever can.
package struct LookReview: Sendable, Equatable {
    package struct Metric: Sendable, Equatable {
        package var pair: MetricPair
        package var held: HoldCause?
        /// Why the metric is held, in one sentence.
        package var reason: String?
    }

    /// What was sampled.
    package let samples: LookSamples
    /// In the order of the plan's metrics.
    package let metrics: [Metric]
    /// The plan or the event is wrong: no later look can be judged either.
    package let impossible: String?

    /// The pairs that the judge gets.
    package var judgeable: [MetricPair] { metrics.filter { $0.held == nil }.map(\.pair) }

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
        var impossible: String?
        self.samples = samples
        metrics = zip(plan.metrics, samples.metrics).map { metric, sampled in
            // What is never judged cannot make judging impossible.
            for (side, samples) in metric.muted ? [] : metric.sides.map({ ($0, sampled[$0]) }) {
                guard let failure = samples.failure, failure.holdCause == nil, impossible == nil else { continue }
                impossible = "\(metric.name), \(side.rawValue): \(failure.message)"
            }
            return Self.review(
                metric,
                groups: plan.groups(of: metric),
                sampled,
                isLast: samples.look.isLast,
                minimum: plan.minimumSamples
            )
        }
        self.impossible = impossible
    }

    private static func review(
        _ metric: PlannedMetric,
        groups: [String],
        _ sampled: MetricSamples,
        isLast: Bool,
        minimum: Int
    ) -> Metric {
        var pair = MetricPair(
            name: metric.name,
            groups: groups,
            control: sampled.control.values,
            experiment: sampled.experiment.values,
            settings: metric.settings(mustHaveData: false)
        )
        // A muted metric is shown when it can be and never waited for.
        guard !metric.muted else { return Metric(pair: pair) }
        for (side, samples) in metric.sides.map({ ($0, sampled[$0]) }) {
            if let failure = samples.failure {
                return Metric(
                    pair: pair,
                    held: failure.holdCause ?? .noData,
                    reason: "\(metric.name), \(side.rawValue): \(failure.message)"
                )
            }
            if samples.isPartial {
                let warning = samples.warnings.first.map { ": \($0)" } ?? ""
                return Metric(
                    pair: pair,
                    held: .partialData,
                    reason: "\(metric.name), \(side.rawValue): the answer is incomplete\(warning)"
                )
            }
        }
        if metric.noData == .zero {
            pair.control = pair.control.map { $0.isNaN ? 0 : $0 }
            pair.experiment = pair.experiment.map { $0.isNaN ? 0 : $0 }
            return Metric(pair: pair)
        }
        for (side, samples) in metric.sides.map({ ($0, sampled[$0]) }) where samples.presentCount < minimum {
            switch metric.noData {
            case .pass where samples.presentCount == 0:
                // A side of zeros would be judged instead of left out.
                pair.settings.nanStrategy = .remove
                return Metric(pair: pair)
            case .fail where isLast:
                pair.settings.mustHaveData = true
                // An empty side that were replaced by zeros would pass.
                pair.settings.nanStrategy = .remove
                if side == .control { pair.control = [] } else { pair.experiment = [] }
                return Metric(pair: pair)
            case .hold, .fail, .pass, .zero:
                return Metric(
                    pair: pair,
                    held: samples.presentCount == 0 ? .noData : .tooFewSamples,
                    reason: samples.presentCount == 0
                        ? "\(metric.name), \(side.rawValue): no samples"
                        : "\(metric.name), \(side.rawValue): \(samples.presentCount) of \(minimum) samples needed"
                )
            }
        }
        return Metric(pair: pair)
    }
}
