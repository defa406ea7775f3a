import Judging

/// Says of each metric of a look whether its samples can be judged, as the plan's policy for missing ones has it.
struct MetricReviewer {
    private let plan: AnalysisPlan
    private let isLast: Bool
    /// How many of a side's newest samples may not all be missing.
    private let newest: Int
    /// The sides of which some metric, judged or not, has one of the newest samples.
    private let alive: Set<Side>

    init(_ samples: LookSamples, plan: AnalysisPlan) {
        self.plan = plan
        isLast = samples.look.isLast
        let newest = plan.schedule.newestSamples
        self.newest = newest
        alive = Set(
            Side.allCases.filter { side in
                samples.metrics.contains { $0[side].coverage.reachesEnd(newest: newest) }
            }
        )
    }

    func review(_ metric: PlannedMetric, _ sampled: MetricSamples) -> LookReview.Metric {
        var reviewed = LookReview.Metric(
            pair: MetricPair(
                name: metric.name,
                groups: plan.groups(of: metric),
                control: sampled.rule == nil ? sampled.control.values : [],
                experiment: sampled.rule == nil ? sampled.experiment.values : [],
                settings: settings(metric, sampled),
                increment: sampled.increment,
                state: sampled.state
            ),
            warnings: Self.remarks(sampled)
        )
        // A muted metric is shown when it can be and never waited for.
        guard !metric.muted else {
            if let detail = trouble(metric, sampled) { reviewed.warnings.append(detail.reason(metric.name, sampled)) }
            return reviewed
        }
        if let detail = trouble(metric, sampled) ?? shortage(metric, sampled, &reviewed.pair) {
            let reason = detail.reason(metric.name, sampled)
            if plan.waits(for: metric) {
                reviewed.detail = detail
                reviewed.reason = reason
            } else {
                // It is judged by what it has shown so far, and what has come since is asked for again.
                reviewed.pair.increment = nil
                reviewed.warnings.append("\(reason); the end does not wait for a signal")
            }
        } else {
            reviewed.warnings += gaps(metric, sampled)
        }
        return reviewed
    }

    /// The sides that have samples: what is compared with its own past has no control beside it.
    private func sides(_ metric: PlannedMetric, _ sampled: MetricSamples) -> [Side] {
        sampled.rule?.measure == .past ? [.experiment] : metric.sides
    }

    /// The back end did not answer, or not completely.
    private func trouble(_ metric: PlannedMetric, _ sampled: MetricSamples) -> HoldDetail? {
        for side in sides(metric, sampled) {
            if let failure = sampled[side].failure { return .failed(side, failure) }
            if sampled[side].isPartial { return .partial(side) }
        }
        return nil
    }

    /// Samples are missing for which the plan wants to wait. Where it does not, the pair is made what the judge must see.
    private func shortage(
        _ metric: PlannedMetric,
        _ sampled: MetricSamples,
        _ pair: inout MetricPair
    ) -> HoldDetail? {
        if metric.noData == .zero {
            if let detail = ending(metric, sampled, &pair) ?? silence(metric, sampled) { return detail }
            pair.control = pair.control.map { $0.isNaN ? 0 : $0 }
            pair.experiment = pair.experiment.map { $0.isNaN ? 0 : $0 }
            pair.increment?.fillWithZeros()
            return nil
        }
        let minimum = plan.minimumSamples
        let short = sides(metric, sampled).filter { sampled[$0].presentCount < minimum }
        if let side = short.first {
            let empty = short.filter { sampled[$0].presentCount == 0 }
            switch metric.noData {
            case .pass where side == empty.first:
                // A side of zeros would be judged instead of left out.
                pair.settings.nanStrategy = .remove
                return nil
            case .fail where isLast:
                Self.fail(side, &pair)
                return nil
            case .hold, .fail, .pass, .zero:
                return side == empty.first ? .noSamples(empty) : .tooFewSamples(side, minimum: minimum)
            }
        }
        return ending(metric, sampled, &pair)
    }

    /// Sides whose newest samples are missing. Where the plan says that the release fails then, the pair is made so.
    ///
    /// Missing samples that count as 0 are no end where nothing has happened yet. They are one where the side itself is not
    /// there any more: it had samples without a gap, and has none now in any metric.
    private func ending(
        _ metric: PlannedMetric,
        _ sampled: MetricSamples,
        _ pair: inout MetricPair
    ) -> HoldDetail? {
        let ended = sides(metric, sampled).filter { side in
            let coverage = sampled[side].coverage
            return metric.noData == .zero
                ? !alive.contains(side) && coverage.hasEndedWithoutGaps(newest: newest)
                : coverage.hasEnded(newest: newest)
        }
        guard !ended.isEmpty else { return nil }
        if metric.noData == .fail, isLast, ended == [.experiment] {
            Self.fail(.experiment, &pair)
            return nil
        }
        return .ended(ended, othersGoOn: ended.allSatisfy { alive.contains($0) })
    }

    /// Nothing shows that the side is there: it has no samples in any metric that must have some.
    private func silence(_ metric: PlannedMetric, _ sampled: MetricSamples) -> HoldDetail? {
        let silent = sides(metric, sampled).first { side in
            sampled[side].presentCount == 0 && !alive.contains(side)
                && plan.metrics.contains { !$0.muted && $0.noData != .zero && $0.sides.contains(side) }
        }
        return silent.map { .silent($0) }
    }

    private func settings(_ metric: PlannedMetric, _ sampled: MetricSamples) -> MetricSettings {
        var settings = metric.settings(mustHaveData: false)
        settings.sequential = sampled.rule
        return settings
    }

    /// A side without samples that were replaced by zeros would pass.
    private static func fail(_ side: Side, _ pair: inout MetricPair) {
        pair.settings.mustHaveData = true
        pair.settings.nanStrategy = .remove
        pair.increment = nil
        if side == .control { pair.control = [] } else { pair.experiment = [] }
    }
}

extension MetricReviewer {
    /// What is missing from samples that are judged nevertheless. A single missing sample is not reported.
    private func gaps(_ metric: PlannedMetric, _ sampled: MetricSamples) -> [String] {
        let zeros =
            metric.noData == .zero
            ? "; they count as 0 (noData: zero)"
            : metric.nanStrategy == .replace ? "; they become 0 (missing: replace)" : ""
        if metric.noData == .zero, sides(metric, sampled).allSatisfy({ sampled[$0].presentCount == 0 }) {
            return ["no samples\(sides(metric, sampled).count > 1 ? " on either side" : "")\(zeros)"]
        }
        return sides(metric, sampled).compactMap { side in
            let coverage = sampled[side].coverage
            guard coverage.missing > 1 else { return nil }
            var text = "\(side.rawValue): \(coverage.missing) of \(coverage.expected) samples are missing"
            if coverage.missingAtEnd > 1, coverage.present > 0 {
                text += ", the newest \(coverage.missingAtEnd) among them"
            }
            return text + zeros
        }
    }

    /// What the back end said about the query, and what it did to the samples; of both sides once.
    private static func remarks(_ sampled: MetricSamples) -> [String] {
        var remarks: [String] = []
        for side in Side.allCases {
            for info in sampled[side].infos where !remarks.contains(info) { remarks.append(info) }
        }
        for side in Side.allCases {
            let samples = sampled[side]
            if samples.ignoredCount > 0 {
                remarks.append(
                    "\(side.rawValue): \(samples.ignoredCount) samples of the answer lie beside the steps and were left out"
                )
            }
            if samples.movedCount > 0 {
                remarks.append(
                    "\(side.rawValue): \(samples.movedCount) samples of the answer were moved to the nearest step"
                )
            }
        }
        return remarks
    }
}
