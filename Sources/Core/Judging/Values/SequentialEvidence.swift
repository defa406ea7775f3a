/// The evidence of `sequential` about one metric: how much worse the experiment is, how sure that is, and on what it rests.
///
/// Ratios are experiment / control, so that 1 is no difference; with a direction of `decrease` below 1 is worse.
package struct SequentialEvidence: Sendable, Equatable, Codable {
    /// What was compared.
    package enum Comparison: OpenEnumeration {
        /// Events against requests, of both sides at the same time.
        case counts
        /// Requests slower than bounds of a histogram, of both sides at the same time.
        case latency
        /// A value a step, of both sides at the same time.
        case gauge
        /// The experiment's values against earlier times of the same series.
        case past
        /// A name that a newer version has made.
        case unknown(String)

        package static let allCases: [Comparison] = [.counts, .latency, .gauge, .past]

        package var rawValue: String {
            switch self {
            case .counts: "counts"
            case .latency: "latency"
            case .gauge: "gauge"
            case .past: "past"
            case .unknown(let name): name
            }
        }
    }

    package var comparison: Comparison
    /// How many times as much the experiment has; nil while nothing has happened.
    package var effect: RatioEstimate?
    /// A ratio up to this counts as healthy.
    package var margin: Double
    /// The ratio that a pass rules out; nil where a pass says only that the margin holds.
    package var harm: Double?
    /// Natural logarithm of the evidence for harm: a healthy release reaches `a` with a probability of at most exp(-a).
    package var harmEvidence: Double
    /// At this much evidence for harm the metric alone fails the release.
    package var harmThreshold: Double
    /// Natural logarithm of the evidence that the release does no harm.
    package var safetyEvidence: Double
    /// At this much evidence the metric is proven harmless.
    package var safetyThreshold: Double
    package var noise: NoiseEvidence
    /// Pieces of time that were folded in, and those left out because a side was missing.
    package var units: Int
    /// Steps of such a piece.
    package var stepsPerUnit: Int
    package var skippedUnits: Int
    /// Samples that came after their time had been folded in; they change nothing.
    package var lateSamples: Int
    /// Events and requests of each side; nil with other comparisons.
    package var control: ExposureTotals?
    package var experiment: ExposureTotals?
    /// The step, counted from the start of the analysis, since when the evidence points to harm; nil where it does not.
    package var since: Int?
    /// About how many units more it takes to decide, as things go; nil where they go nowhere.
    package var neededUnits: Double?
    /// The same in looks; nil also where the distance of looks is not known.
    package var neededLooks: Int?
    /// The bounds that requests were counted against (`latency` only).
    package var bounds: [BoundEvidence]
    /// The rate of events that the experiment is shown to lie below, where that shows that it does no harm, and not the ratio.
    package var ruledOutRate: Double?
    /// The requests against the share that the event declares; nil where it declares none.
    package var split: SplitEvidence?
    /// What pods show; nil where the plan does not ask for them.
    package var pods: PodsEvidence?
    /// The control against its own past; nil where that is not known, and with other comparisons than counts.
    package var environment: EnvironmentEvidence?
    /// Values of a label that only the experiment has; nil where the plan does not ask.
    package var newValues: NewValuesEvidence?
    /// What strata show; nil where the plan does not tell them apart.
    package var strata: StrataEvidence?
    /// What limits the claim, a sentence each.
    package var limits: [String]

    package init(
        comparison: Comparison,
        effect: RatioEstimate? = nil,
        margin: Double,
        harm: Double? = nil,
        harmEvidence: Double,
        harmThreshold: Double,
        safetyEvidence: Double,
        safetyThreshold: Double,
        noise: NoiseEvidence,
        units: Int,
        stepsPerUnit: Int = 1,
        skippedUnits: Int = 0,
        lateSamples: Int = 0,
        control: ExposureTotals? = nil,
        experiment: ExposureTotals? = nil,
        since: Int? = nil,
        neededUnits: Double? = nil,
        neededLooks: Int? = nil,
        bounds: [BoundEvidence] = [],
        ruledOutRate: Double? = nil,
        split: SplitEvidence? = nil,
        pods: PodsEvidence? = nil,
        environment: EnvironmentEvidence? = nil,
        newValues: NewValuesEvidence? = nil,
        strata: StrataEvidence? = nil,
        limits: [String] = []
    ) {
        self.comparison = comparison
        self.effect = effect
        self.margin = margin
        self.harm = harm
        self.harmEvidence = harmEvidence
        self.harmThreshold = harmThreshold
        self.safetyEvidence = safetyEvidence
        self.safetyThreshold = safetyThreshold
        self.noise = noise
        self.units = units
        self.stepsPerUnit = stepsPerUnit
        self.skippedUnits = skippedUnits
        self.lateSamples = lateSamples
        self.control = control
        self.experiment = experiment
        self.since = since
        self.neededUnits = neededUnits
        self.neededLooks = neededLooks
        self.bounds = bounds
        self.ruledOutRate = ruledOutRate
        self.split = split
        self.pods = pods
        self.environment = environment
        self.newValues = newValues
        self.strata = strata
        self.limits = limits
    }
}

extension SequentialEvidence {
    /// The bound that the effect and the requests of both sides are those of; nil with other comparisons.
    package var shownBound: BoundEvidence? {
        bounds.first { $0.control == control && $0.experiment == experiment && $0.effect == effect }
    }
}

/// A ratio with an interval that holds at every look at once (a confidence sequence).
package struct RatioEstimate: Sendable, Equatable, Codable {
    package var estimate: Double
    package var lower: Double
    package var upper: Double
    /// The interval's confidence level, 0 to 1.
    package var confidence: Double

    package init(estimate: Double, lower: Double, upper: Double, confidence: Double) {
        self.estimate = estimate
        self.lower = lower
        self.upper = upper
        self.confidence = confidence
    }
}

/// How much the samples vary by themselves, and where that is known from.
package struct NoiseEvidence: Sendable, Equatable, Codable {
    package enum Source: OpenEnumeration {
        /// Learned from the time before the release.
        case learned
        /// No history was to be had: a value is assumed, and the level holds only for noise up to it.
        case assumed
        /// An earlier analysis of the application has learned it: the back end has too little of the time before this release.
        case kept
        /// The analysis' own samples alone.
        case measured
        /// A name that a newer version has made.
        case unknown(String)

        package static let allCases: [Source] = [.learned, .assumed, .kept, .measured]

        package var rawValue: String {
            switch self {
            case .learned: "learned"
            case .assumed: "assumed"
            case .kept: "kept"
            case .measured: "measured"
            case .unknown(let name): name
            }
        }
    }

    package var source: Source
    /// The evidence counts as if it came from so many times fewer samples; at least 1.
    package var dispersion: Double
    /// Units of history that it was learned from.
    package var historyUnits: Int
    /// When it was learned, in milliseconds since 1970 (`kept` only).
    package var learnedAt: Int64?

    package init(source: Source, dispersion: Double, historyUnits: Int = 0, learnedAt: Int64? = nil) {
        self.learnedAt = learnedAt
        self.source = source
        self.dispersion = dispersion
        self.historyUnits = historyUnits
    }
}

/// What one side had in all.
package struct ExposureTotals: Sendable, Equatable, Codable {
    package var events: Double
    package var requests: Double

    package init(events: Double, requests: Double) {
        self.events = events
        self.requests = requests
    }
}

/// Requests slower than one bound of a histogram.
package struct BoundEvidence: Sendable, Equatable, Codable {
    /// In the metric's unit, usually seconds.
    package var bound: Double
    package var control: ExposureTotals
    package var experiment: ExposureTotals
    package var effect: RatioEstimate?
    package var harmEvidence: Double

    package init(
        bound: Double,
        control: ExposureTotals,
        experiment: ExposureTotals,
        effect: RatioEstimate?,
        harmEvidence: Double
    ) {
        self.bound = bound
        self.control = control
        self.experiment = experiment
        self.effect = effect
        self.harmEvidence = harmEvidence
    }
}
