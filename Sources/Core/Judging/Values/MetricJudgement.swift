/// What a judge says about one metric.
package enum MetricClassification: OpenEnumeration {
    case pass
    /// The experiment is higher than it may be.
    case high
    /// The experiment is lower than it may be.
    case low
    /// The pass condition does not hold, the marginal one does (`conditions` only).
    case marginal
    /// The condition does not hold (`conditions` only).
    case fail
    case nodata
    /// A side has no samples and the plan says that it must.
    case nodataFailMetric
    /// The metric cannot be judged.
    case error
    /// A name that a newer version has made.
    case unknown(String)

    package static let allCases: [MetricClassification] = [
        .pass, .high, .low, .marginal, .fail, .nodata, .nodataFailMetric, .error,
    ]

    package var rawValue: String {
        switch self {
        case .pass: "Pass"
        case .high: "High"
        case .low: "Low"
        case .marginal: "Marginal"
        case .fail: "Fail"
        case .nodata: "Nodata"
        case .nodataFailMetric: "NodataFailMetric"
        case .error: "Error"
        case .unknown(let name): name
        }
    }
}

/// One metric of a judgement and the evidence behind it.
package struct MetricJudgement: Sendable, Equatable, Codable {
    package var name: String
    package var groups: [String]
    package var classification: MetricClassification
    /// Why, in one sentence; nil where the judge has nothing to say (a plain pass).
    package var reason: MetricReason?
    /// This result alone fails the judgement. Not the same as the metric being marked critical in the plan.
    package var criticalFailure: Bool
    package var muted: Bool
    /// Statistics of the samples that were judged: after missing samples and outliers were handled.
    package var control: SampleStatistics
    package var experiment: SampleStatistics
    /// mean(experiment) / mean(control); 1 where nothing was compared; NaN where undefined.
    package var ratio: Double?
    /// The effect that was held against the limits; nil where the test was not reached.
    package var effect: Effect?
    /// The interval of the shift between the sides; nil where the test was not reached.
    package var shift: ShiftInterval?
    /// How the condition came out (`conditions` only).
    package var conditions: [ConditionEvidence]

    package init(
        name: String,
        groups: [String],
        classification: MetricClassification,
        reason: MetricReason?,
        criticalFailure: Bool = false,
        muted: Bool = false,
        control: SampleStatistics,
        experiment: SampleStatistics,
        ratio: Double? = nil,
        effect: Effect? = nil,
        shift: ShiftInterval? = nil,
        conditions: [ConditionEvidence] = []
    ) {
        self.name = name
        self.groups = groups
        self.classification = classification
        self.reason = reason
        self.criticalFailure = criticalFailure
        self.muted = muted
        self.control = control
        self.experiment = experiment
        self.ratio = ratio
        self.effect = effect
        self.shift = shift
        self.conditions = conditions
    }
}

/// Descriptive statistics of one side; all zero when `count` is 0.
package struct SampleStatistics: Sendable, Equatable, Codable {
    package var count: Int
    package var mean: Double
    /// Sample standard deviation (n - 1); 0 for a single sample.
    package var standardDeviation: Double
    package var minimum: Double
    package var maximum: Double

    package static let empty = SampleStatistics(count: 0, mean: 0, standardDeviation: 0, minimum: 0, maximum: 0)

    package init(count: Int, mean: Double, standardDeviation: Double, minimum: Double, maximum: Double) {
        self.count = count
        self.mean = mean
        self.standardDeviation = standardDeviation
        self.minimum = minimum
        self.maximum = maximum
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

/// One comparison of a condition with the numbers put in.
package struct ConditionEvidence: Sendable, Equatable, Codable {
    /// The condition as the plan writes it.
    package var condition: String
    package var holds: Bool
    /// Each comparison of the condition, in order, with its two sides' values.
    package var comparisons: [Comparison]

    package struct Comparison: Sendable, Equatable, Codable {
        package var text: String
        package var left: Double
        package var right: Double
        package var holds: Bool

        package init(text: String, left: Double, right: Double, holds: Bool) {
            self.text = text
            self.left = left
            self.right = right
            self.holds = holds
        }
    }

    package init(condition: String, holds: Bool, comparisons: [Comparison]) {
        self.condition = condition
        self.holds = holds
        self.comparisons = comparisons
    }
}
