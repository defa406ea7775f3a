package import Judging

/// One metric of a plan.
package struct PlannedMetric: Sendable, Equatable {
    package var name: String
    /// Nil where the plan does not say it.
    package var kind: MetricKind?
    /// PromQL with `${scope}`-style variables; it gives one series a side.
    package var query: String
    /// What `sequential` asks for instead of the query, where the plan says it or the query shows it.
    package var input: MetricInput
    /// The label that its counts are told apart by; nil where they are asked for all together.
    package var breakdown: Breakdown?
    /// Which values of a label are named where only the new version has them; nil where none are.
    package var newValues: NewValues?
    package var groups: [String]
    /// Weight inside its groups (`conditions` only).
    package var weight: Double
    package var direction: Direction
    package var critical: Bool
    package var muted: Bool
    /// A pass does not wait for it (`sequential` only).
    package var isSignal: Bool
    package var noData: NoDataPolicy
    package var nanStrategy: NaNStrategy
    /// Interquartile ranges beyond which a sample is dropped; nil keeps every sample.
    package var outlierFactor: Double?
    package var effect: PlannedEffect
    /// Requests slower than this, in the histogram's unit, are what the service promises to avoid (`sequential` only).
    package var objective: Double?
    /// How several series of one side become one; nil makes more than one series an error.
    package var combine: SeriesCombination?
    /// The pass condition (`conditions` only).
    package var condition: Condition?
    /// The marginal condition (`conditions` only).
    package var marginal: Condition?

    package init(
        name: String,
        kind: MetricKind? = nil,
        query: String,
        input: MetricInput = .value,
        breakdown: Breakdown? = nil,
        newValues: NewValues? = nil,
        groups: [String] = [],
        weight: Double = 1,
        direction: Direction = .either,
        critical: Bool = false,
        muted: Bool = false,
        isSignal: Bool = false,
        noData: NoDataPolicy = .hold,
        nanStrategy: NaNStrategy = .remove,
        outlierFactor: Double? = nil,
        effect: PlannedEffect = PlannedEffect(),
        objective: Double? = nil,
        combine: SeriesCombination? = nil,
        condition: Condition? = nil,
        marginal: Condition? = nil
    ) {
        self.name = name
        self.kind = kind
        self.query = query
        self.input = input
        self.breakdown = breakdown
        self.newValues = newValues
        self.groups = groups
        self.weight = weight
        self.direction = direction
        self.critical = critical
        self.muted = muted
        self.isSignal = isSignal
        self.noData = noData
        self.nanStrategy = nanStrategy
        self.outlierFactor = outlierFactor
        self.effect = effect
        self.objective = objective
        self.combine = combine
        self.condition = condition
        self.marginal = marginal
    }

    /// What the judge needs to know. `mustHaveData` is set where missing data now counts as a failure.
    package func settings(mustHaveData: Bool) -> MetricSettings {
        MetricSettings(
            direction: direction,
            nanStrategy: nanStrategy,
            outliers: outlierFactor.map { .remove(factor: $0) } ?? .keep,
            effect: EffectLimits(
                measure: effect.measure,
                allowedIncrease: effect.allowedIncrease,
                allowedDecrease: effect.allowedDecrease,
                criticalIncrease: effect.criticalIncrease,
                criticalDecrease: effect.criticalDecrease
            ),
            critical: critical,
            mustHaveData: mustHaveData,
            muted: muted,
            weight: weight,
            passCondition: condition,
            marginalCondition: marginal
        )
    }
}

extension PlannedMetric {
    package var role: MetricRole {
        get { muted ? .info : critical ? .critical : isSignal ? .signal : .guardrail }
        set {
            muted = newValue == .info
            critical = newValue == .critical
            isSignal = newValue == .signal
        }
    }

    /// The sides that the metric's judgement reads: a fixed limit needs no control.
    package var sides: [Side] {
        let conditions = [condition, marginal].compactMap { $0 }
        guard !conditions.isEmpty else { return Side.allCases }
        return (conditions.contains { $0.usesControl } ? [.control] : [])
            + (conditions.contains { $0.usesExperiment } ? [.experiment] : [])
    }
}

/// Effect limits as a plan gives them; nil stands for the measure's neutral value.
package struct PlannedEffect: Sendable, Equatable {
    package var measure: EffectLimits.Measure
    package var allowedIncrease: Double?
    package var allowedDecrease: Double?
    package var criticalIncrease: Double?
    package var criticalDecrease: Double?
    /// A ratio up to this counts as healthy; at least 1 (`sequential` only, like those below).
    package var margin: Double?
    /// The ratio that a pass rules out; above the margin.
    package var harm: Double?
    /// The smallest ratio that may fail a release; at least the margin. For metrics that are no counts.
    package var gate: Double?
    /// The smallest difference, in the metric's own unit, that may fail a release.
    package var floor: Double?

    package init(
        measure: EffectLimits.Measure = .meanRatio,
        allowedIncrease: Double? = nil,
        allowedDecrease: Double? = nil,
        criticalIncrease: Double? = nil,
        criticalDecrease: Double? = nil,
        margin: Double? = nil,
        harm: Double? = nil,
        gate: Double? = nil,
        floor: Double? = nil
    ) {
        self.measure = measure
        self.allowedIncrease = allowedIncrease
        self.allowedDecrease = allowedDecrease
        self.criticalIncrease = criticalIncrease
        self.criticalDecrease = criticalDecrease
        self.margin = margin
        self.harm = harm
        self.gate = gate
        self.floor = floor
    }
}

/// What a metric without data on a side means.
package enum NoDataPolicy: String, Sendable, Codable, CaseIterable {
    /// The analysis waits for the data, up to its deadline, and is then inconclusive.
    case hold
    /// The metric is left out.
    case pass
    /// At the last look the metric fails; until then it is waited for.
    case fail
    /// Missing samples count as 0.
    case zero
}

/// How several series become one, instant by instant; a missing sample is left out of its instant.
package enum SeriesCombination: String, Sendable, Codable, CaseIterable {
    case sum
    case average
    case minimum
    case maximum
}
