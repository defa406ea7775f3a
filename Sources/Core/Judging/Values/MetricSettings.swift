/// Which way a difference counts against the experiment.
package enum Direction: String, Sendable, Codable, CaseIterable {
    case increase
    case decrease
    case either
}

/// What is done with a missing (NaN) sample before a judge looks at it.
package enum NaNStrategy: String, Sendable, Codable, CaseIterable {
    case remove
    case replace
}

/// What is done with samples outside the interquartile fences of their own side.
package enum OutlierStrategy: Sendable, Equatable {
    case keep
    /// Remove samples outside the fences at `factor` interquartile ranges; `factor` > 0.
    case remove(factor: Double)
}

/// The effect that a difference must have, beside being statistically clear.
package struct EffectLimits: Sendable, Equatable {
    package enum Measure: String, Sendable, Codable, CaseIterable {
        /// mean(experiment) / mean(control); NaN when either mean is 0.
        case meanRatio
        /// Common language effect size: P(experiment > control) + P(equal) / 2.
        case cles
    }

    package var measure: Measure
    package var allowedIncrease: Double
    package var allowedDecrease: Double
    package var criticalIncrease: Double
    package var criticalDecrease: Double

    /// Limits left out stand at the measure's neutral value: 1.0 for the mean ratio, 0.5 for CLES.
    package init(
        measure: Measure = .meanRatio,
        allowedIncrease: Double? = nil,
        allowedDecrease: Double? = nil,
        criticalIncrease: Double? = nil,
        criticalDecrease: Double? = nil
    ) {
        let neutral = measure == .cles ? 0.5 : 1.0
        self.measure = measure
        self.allowedIncrease = allowedIncrease ?? neutral
        self.allowedDecrease = allowedDecrease ?? neutral
        self.criticalIncrease = criticalIncrease ?? neutral
        self.criticalDecrease = criticalDecrease ?? neutral
    }
}

/// How one metric is judged. Each judge reads the settings it knows.
package struct MetricSettings: Sendable, Equatable {
    package var direction: Direction
    package var nanStrategy: NaNStrategy
    package var outliers: OutlierStrategy
    package var effect: EffectLimits
    /// A critical metric that fails makes the whole judgement fail.
    package var critical: Bool
    /// A side without samples fails the metric instead of leaving it out.
    package var mustHaveData: Bool
    /// A muted metric is judged and shown but never counts.
    package var muted: Bool
    /// The metric's weight inside its groups (`conditions` only); > 0.
    package var weight: Double
    /// What must hold for the metric to pass (`conditions` only).
    package var passCondition: Condition?
    /// What must hold for the metric to be marginal when it does not pass (`conditions` only).
    package var marginalCondition: Condition?
    /// `sequential` only.
    package var sequential: SequentialRule?

    package init(
        direction: Direction = .either,
        nanStrategy: NaNStrategy = .remove,
        outliers: OutlierStrategy = .keep,
        effect: EffectLimits = EffectLimits(),
        critical: Bool = false,
        mustHaveData: Bool = false,
        muted: Bool = false,
        weight: Double = 1,
        passCondition: Condition? = nil,
        marginalCondition: Condition? = nil,
        sequential: SequentialRule? = nil
    ) {
        self.direction = direction
        self.nanStrategy = nanStrategy
        self.outliers = outliers
        self.effect = effect
        self.critical = critical
        self.mustHaveData = mustHaveData
        self.muted = muted
        self.weight = weight
        self.passCondition = passCondition
        self.marginalCondition = marginalCondition
        self.sequential = sequential
    }
}
