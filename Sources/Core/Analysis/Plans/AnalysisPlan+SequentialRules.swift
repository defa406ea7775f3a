package import Judging

extension AnalysisPlan {
    /// How the sequential judge compares a metric of the plan.
    ///
    /// - Parameter isPast: the control is an earlier time of the same series.
    package func sequentialRule(of metric: PlannedMetric, isPast: Bool) -> SequentialRule {
        let measure: SequentialRule.Measure = isPast ? .past : metric.sequentialMeasure
        let steps = max(1, Int(clamping: schedule.lifetime.milliseconds / max(1, schedule.step.milliseconds)))
        let margin = metric.effect.margin ?? Self.defaultMargin(of: measure)
        return SequentialRule(
            measure: measure,
            direction: Self.direction(of: metric, measure),
            margin: margin,
            harm: metric.effect.harm ?? max(SequentialDefaults.harm, margin * 1.25),
            gate: metric.effect.gate ?? max(SequentialDefaults.gate, margin),
            floor: metric.effect.floor ?? 0,
            stepsPerUnit: Self.isCounted(measure) ? schedule.stepsPerUnit : 1,
            plannedSteps: steps,
            isSignal: metric.role == .signal,
            absentEventsAreNone: metric.noData == .zero,
            minimumRequests: sequential.minimumRequests,
            passesWithWrongSplit: sequential.passesWithWrongSplit
        )
    }

    private static func isCounted(_ measure: SequentialRule.Measure) -> Bool {
        switch measure {
        case .counts, .latency: true
        case .gauge, .past: false
        }
    }

    private static func defaultMargin(of measure: SequentialRule.Measure) -> Double {
        switch measure {
        case .counts: SequentialDefaults.countMargin
        case .latency: SequentialDefaults.latencyMargin
        case .gauge: SequentialDefaults.gaugeMargin
        case .past: SequentialDefaults.pastMargin
        }
    }

    /// Fewer errors and shorter times are no harm, whatever the plan leaves open.
    private static func direction(of metric: PlannedMetric, _ measure: SequentialRule.Measure) -> Direction {
        let isOneSided = metric.kind == .errors || metric.kind == .latency || metric.input.isHistogram
        return isOneSided && metric.direction == .either ? .increase : metric.direction
    }
}

extension PlannedMetric {
    fileprivate var sequentialMeasure: SequentialRule.Measure {
        switch input {
        case .value: .gauge
        case .counts: .counts
        case .histogram: .latency(objective: objective)
        }
    }
}

extension MetricInput {
    fileprivate var isHistogram: Bool {
        if case .histogram = self { true } else { false }
    }
}

/// What a plan that says nothing gets.
package enum SequentialDefaults {
    /// Of the ratio of event rates.
    package static let countMargin = 1.02
    /// Of the share of requests above a bound.
    package static let latencyMargin = 1.25
    package static let gaugeMargin = 1.05
    /// Of a comparison with earlier times.
    package static let pastMargin = 1.10
    package static let harm = 1.5
    package static let gate = 1.10
    /// Units of an analysis, at most, unless looks are more often.
    package static let unitsOfLifetime: Int64 = 60
}

extension AnalysisSchedule {
    /// Steps that a judge of counts folds in as one: as long as an interval or a 60th of the lifetime, whichever is
    /// shorter, in whole steps.
    package var stepsPerUnit: Int {
        let step = max(1, step.milliseconds)
        let units = SequentialDefaults.unitsOfLifetime
        let share = (lifetime.milliseconds + units - 1) / units
        let unit = min(interval.milliseconds, share)
        return max(1, Int(clamping: (unit + step - 1) / step))
    }
}
