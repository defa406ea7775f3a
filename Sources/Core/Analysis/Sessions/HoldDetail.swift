import Judging
import Text

/// Why a metric of a look is waited for, with what was found.
package enum HoldDetail: Sendable, Equatable {
    /// The side could not be sampled.
    case failed(Side, SamplingFailure)
    /// The answer for the side is incomplete.
    case partial(Side)
    /// The side, or both, have no samples.
    case noSamples([Side])
    /// The side has samples, but fewer than the plan asks for.
    case tooFewSamples(Side, minimum: Int)
    /// The side, or both, had samples, and the newest are missing.
    case ended([Side], othersGoOn: Bool)
    /// Missing samples would count as 0, and no metric shows that the side is there.
    case silent(Side)

    package var cause: HoldCause {
        switch self {
        case .failed(_, let failure): failure.holdCause ?? .noData
        case .partial: .partialData
        case .noSamples, .silent: .noData
        case .tooFewSamples: .tooFewSamples
        // Both sides at once are no matter of the release: what should have read them did not.
        case .ended(let sides, _): sides.count > 1 ? .noData : .tooFewSamples
        }
    }

    /// What has become of the side whose samples have ended; nil where both have, and in other cases.
    var telemetry: TelemetryFinding? {
        guard case .ended(let sides, let othersGoOn) = self, sides.count == 1 else { return nil }
        return switch (sides[0], othersGoOn) {
        case (.control, true): .controlSeriesEnded
        case (.experiment, true): .experimentSeriesEnded
        case (.control, false): .controlNotReporting
        case (.experiment, false): .experimentNotReporting
        }
    }

    /// One sentence about the metric.
    func reason(_ metric: String, _ sampled: MetricSamples) -> String {
        switch self {
        case .failed(let side, let failure): return "\(metric), \(side.rawValue): \(failure.message)"
        case .partial(let side):
            let warning = sampled[side].warnings.first.map { ": \($0)" } ?? ""
            return "\(metric), \(side.rawValue): the answer is incomplete\(warning)"
        case .noSamples(let sides):
            guard let side = sides.first, sides.count == 1 else {
                return "\(metric): no samples on either side\(asked(sides, sampled))"
            }
            return "\(metric), \(side.rawValue): no samples\(asked(sides, sampled))\(other(side, sampled))"
        case .tooFewSamples(let side, let minimum):
            return "\(metric), \(side.rawValue): \(sampled[side].presentCount) of \(minimum) samples needed"
                + asked([side], sampled) + other(side, sampled)
        case .ended(let sides, let othersGoOn):
            let counts = sides.map { side in
                let coverage = sampled[side].coverage
                return
                    "\(side.rawValue): the newest \(coverage.missingAtEnd) of \(coverage.expected) samples are missing"
            }
            let rest = sides.first.flatMap { sides.count == 1 ? other($0, sampled) : nil } ?? ""
            return "\(metric), \(counts.joined(separator: "; "))\(asked(sides, sampled))\(rest)"
                + (sides.count == 1 ? Self.reporting(sides[0], othersGoOn) : "")
        case .silent(let side):
            return
                "\(metric), \(side.rawValue): no samples\(asked([side], sampled)), and no other metric shows that the"
                + " \(side.rawValue) is there, so that they do not count as 0"
        }
    }

    /// Whether the side is there still, as the plan's other metrics show: a canary without traffic reports, a dead one does not.
    private static func reporting(_ side: Side, _ othersGoOn: Bool) -> String {
        othersGoOn
            ? "; other metrics of the \(side.rawValue) go on"
            : "; the \(side.rawValue) has stopped reporting altogether"
    }

    /// The label values that the sides were asked for by.
    private func asked(_ sides: [Side], _ sampled: MetricSamples) -> String {
        let labels = sides.compactMap { side -> String? in
            let labels = sampled[side].labels.sorted { $0.key < $1.key }
            guard !labels.isEmpty else { return nil }
            let text = labels.map { "\($0.key)=\"\($0.value)\"" }.joined(separator: ",").excerpt(120)
            return sides.count == 1 ? text : "\(side.rawValue) \(text)"
        }
        return labels.isEmpty ? "" : " for \(labels.joined(separator: ", "))"
    }

    /// What the other side has; nothing when it was not asked.
    private func other(_ side: Side, _ sampled: MetricSamples) -> String {
        let other: Side = side == .control ? .experiment : .control
        guard sampled[other].query != nil, sampled[other].failure == nil else { return "" }
        let statistics = SampleStatistics(of: sampled[other].values)
        let count = sampled[other].presentCount
        guard count > 0 else { return "; the \(other.rawValue) has none" }
        let mean = statistics.count == count ? " (mean \(statistics.mean.readable))" : ""
        return "; the \(other.rawValue) has \(count)\(mean)"
    }
}
