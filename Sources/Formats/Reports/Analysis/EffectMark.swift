import Analysis
import Judging

/// How much worse or better the experiment is: a ratio with its interval, and the ratios beyond which it counts.
package struct EffectMark: Sendable, Equatable, Codable {
    /// Experiment / control.
    package var estimate: Double
    package var interval: ClosedRange<Double>?
    /// Healthy is what lies between them; nil where a direction has no limit.
    package var lowerLimit: Double?
    package var upperLimit: Double?

    /// Nil where there is no ratio to show.
    init?(_ judgement: MetricJudgement, direction: Direction) {
        if let evidence = judgement.sequential {
            guard let effect = evidence.effect, effect.estimate > 0, effect.estimate.isFinite else { return nil }
            estimate = effect.estimate
            interval = Self.range(effect.lower, effect.upper)
            if direction != .decrease { upperLimit = evidence.margin }
            if direction != .increase, evidence.margin > 0 { lowerLimit = 1 / evidence.margin }
            return
        }
        guard let ratio = judgement.ratio, ratio > 0, ratio.isFinite, judgement.control.count > 0,
            judgement.experiment.count > 0
        else { return nil }
        estimate = ratio
        let mean = judgement.control.mean
        if let shift = judgement.shift, mean > 0 {
            interval = Self.range(1 + shift.lower / mean, 1 + shift.upper / mean)
            if direction != .decrease { upperLimit = 1 + shift.bound / mean }
            if direction != .increase { lowerLimit = max(0, 1 - shift.bound / mean) }
        }
    }

    private static func range(_ lower: Double, _ upper: Double) -> ClosedRange<Double>? {
        guard lower.isFinite, upper.isFinite, lower <= upper else { return nil }
        return max(0, lower)...max(0, upper)
    }
}
