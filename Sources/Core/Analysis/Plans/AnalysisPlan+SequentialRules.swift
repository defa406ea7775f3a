package import Judging

extension AnalysisPlan {
    /// How the sequential judge compares a metric of the plan.
    ///
    /// - Parameter isPast: the control is an earlier time of the same series.
    package func sequentialRule(of metric: PlannedMetric, isPast: Bool) -> SequentialRule {
        let measure: SequentialRule.Measure = isPast ? .past : metric.sequentialMeasure
        let limits = metric.limits(isPast: isPast)
        return SequentialRule(
            measure: measure,
            direction: Self.direction(of: metric, measure),
            margin: limits.margin,
            harm: limits.harm,
            gate: limits.gate,
            floor: limits.floor,
            tolerableRate: metric.effect.floor ?? Self.tolerableRate(of: metric),
            stepsPerUnit: Self.isCounted(measure) ? schedule.stepsPerUnit : 1,
            plannedSteps: max(1, schedule.stepCount),
            stepsPerLook: max(1, Int(clamping: schedule.interval.milliseconds / max(1, schedule.step.milliseconds))),
            isSignal: metric.role == .signal,
            mayLackData: metric.noData == .pass,
            absentEventsAreNone: metric.noData == .zero,
            minimumRequests: sequential.minimumRequests,
            passesWithWrongSplit: sequential.passesWithWrongSplit,
            breakdown: measure == .counts ? metric.breakdown?.rule : nil
        )
    }

    private static func tolerableRate(of metric: PlannedMetric) -> Double {
        metric.kind == .errors || metric.input.isHistogram ? SequentialDefaults.tolerableErrorRate : 0
    }

    private static func isCounted(_ measure: SequentialRule.Measure) -> Bool {
        switch measure {
        case .counts, .latency: true
        case .gauge, .past: false
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

extension AnalysisSchedule {
    /// Units of an analysis, at most, unless looks are more often.
    private static let unitsOfLifetime: Int64 = 60

    /// Steps that a judge of counts folds in as one: as long as an interval or a 60th of the lifetime, the shorter of the
    /// two, in whole steps.
    package var stepsPerUnit: Int {
        let step = max(1, step.milliseconds)
        let share = (lifetime.milliseconds + Self.unitsOfLifetime - 1) / Self.unitsOfLifetime
        let unit = min(interval.milliseconds, share)
        return max(1, Int(clamping: (unit + step - 1) / step))
    }

    /// The time of those steps.
    package var unit: Duration { step * stepsPerUnit }

    /// Units of the whole lifetime.
    package var unitCount: Int { max(1, stepCount / stepsPerUnit) }

    /// Steps from the end of the warm-up to the last look.
    package var stepCount: Int { Int(clamping: lifetime.milliseconds / max(1, step.milliseconds)) }
}
