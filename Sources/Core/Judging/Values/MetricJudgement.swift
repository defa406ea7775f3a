/// What a judge says about one metric.
package enum MetricClassification: OpenEnumeration {
    case pass
    /// The experiment is higher than it may be.
    case high
    /// The experiment is lower than it may be.
    case low
    /// Neither harm nor its absence is shown yet (`sequential` only).
    case undecided
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
        .pass, .high, .low, .undecided, .marginal, .fail, .nodata, .nodataFailMetric, .error,
    ]

    package var rawValue: String {
        switch self {
        case .pass: "Pass"
        case .high: "High"
        case .low: "Low"
        case .undecided: "Undecided"
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
package struct MetricJudgement: Sendable, Equatable {
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
    package var evidence: MetricEvidence
    /// A side that does not report, or has no traffic; nil while both are there.
    package var telemetry: TelemetryFinding?
    /// Whatever the samples are, the metric says nothing of the release as it stands: what came last could not be compared, or
    /// all of it shows nothing. Kept with the verdict, and not published.
    package var decidesNothing = false

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
        evidence: MetricEvidence = .none,
        telemetry: TelemetryFinding? = nil
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
        self.evidence = evidence
        self.telemetry = telemetry
    }
}

extension MetricJudgement {
    package var effect: Effect? { evidence.effect }
    package var shift: ShiftInterval? { evidence.shift }
    package var conditions: [ConditionEvidence] { evidence.conditions }
    package var sequential: SequentialEvidence? { evidence.sequential }

    /// It counts, and a judge that keeps states has had nothing of both sides to compare yet.
    package var awaitsComparison: Bool { !muted && classification == .undecided && sequential == nil }
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
