/// What a metric's classification rests on, as its judge sees it.
package enum MetricEvidence: Sendable, Equatable {
    /// Nothing was compared.
    case none
    case mannWhitney(MannWhitneyEvidence)
    case conditions([ConditionEvidence])
    case sequential(SequentialEvidence)

    package var effect: Effect? {
        guard case .mannWhitney(let evidence) = self else { return nil }
        return evidence.effect
    }

    package var shift: ShiftInterval? {
        guard case .mannWhitney(let evidence) = self else { return nil }
        return evidence.shift
    }

    /// Empty with another judge than `conditions`.
    package var conditions: [ConditionEvidence] {
        guard case .conditions(let evidence) = self else { return [] }
        return evidence
    }

    package var sequential: SequentialEvidence? {
        guard case .sequential(let evidence) = self else { return nil }
        return evidence
    }

    /// The evidence of which these are the parts: what is published and stored holds them side by side.
    package static func of(
        effect: Effect?,
        shift: ShiftInterval?,
        conditions: [ConditionEvidence],
        sequential: SequentialEvidence?
    ) -> MetricEvidence {
        if let sequential { return .sequential(sequential) }
        if !conditions.isEmpty { return .conditions(conditions) }
        guard effect != nil || shift != nil else { return .none }
        return .mannWhitney(MannWhitneyEvidence(effect: effect, shift: shift))
    }
}

/// The evidence of `NetflixACAJudge-v1.0`.
package struct MannWhitneyEvidence: Sendable, Equatable {
    /// The effect that was held against the limits; nil where the test was not reached.
    package var effect: Effect?
    /// The interval of the shift between the sides; nil where the test was not reached.
    package var shift: ShiftInterval?

    package init(effect: Effect?, shift: ShiftInterval?) {
        self.effect = effect
        self.shift = shift
    }
}

/// An effect size beside the limits it was held against.
package struct Effect: Sendable, Equatable, Codable {
    package var measure: EffectLimits.Measure
    /// NaN when the measure is undefined for these samples; the limits then do not apply.
    package var value: Double
    package var allowedIncrease: Double
    package var allowedDecrease: Double

    package init(measure: EffectLimits.Measure, value: Double, allowedIncrease: Double, allowedDecrease: Double) {
        self.measure = measure
        self.value = value
        self.allowedIncrease = allowedIncrease
        self.allowedDecrease = allowedDecrease
    }
}

/// The shift of the experiment against the control (experiment - control), in the metric's own unit.
package struct ShiftInterval: Sendable, Equatable, Codable {
    package var lower: Double
    package var upper: Double
    package var estimate: Double
    /// The interval's confidence level, 0 to 1.
    package var confidence: Double
    /// The interval must lie beyond this distance from 0 for a difference to count.
    package var bound: Double

    package init(lower: Double, upper: Double, estimate: Double, confidence: Double, bound: Double) {
        self.lower = lower
        self.upper = upper
        self.estimate = estimate
        self.confidence = confidence
        self.bound = bound
    }
}
