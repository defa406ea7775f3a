import Judging

/// The evidence of the sequential judge about a metric.
struct SequentialForm: Codable {
    struct Ratio: Codable {
        var estimate: Double
        var lower: Double
        var upper: Double
        var confidence: Double

        init(_ ratio: RatioEstimate) {
            estimate = ratio.estimate
            lower = ratio.lower
            upper = ratio.upper
            confidence = ratio.confidence
        }

        var value: RatioEstimate {
            RatioEstimate(estimate: estimate, lower: lower, upper: upper, confidence: confidence)
        }
    }

    struct Noise: Codable {
        var source: String
        var dispersion: Double
        var historyUnits: Int
        var learnedAt: Int64?
    }

    struct Totals: Codable {
        var events: Double
        var requests: Double

        init(_ totals: ExposureTotals) {
            events = totals.events
            requests = totals.requests
        }

        var value: ExposureTotals { ExposureTotals(events: events, requests: requests) }
    }

    struct Bound: Codable {
        var bound: Double
        var control: Totals
        var experiment: Totals
        var effect: Ratio?
        var harmEvidence: Double
    }

    struct Split: Codable {
        var declared: Double
        var seen: Double
        var isWrong: Bool

        init(_ split: SplitEvidence) {
            declared = split.declared
            seen = split.seen
            isWrong = split.isWrong
        }

        var value: SplitEvidence { SplitEvidence(declared: declared, seen: seen, isWrong: isWrong) }
    }

    struct Pods: Codable {
        struct Outlier: Codable {
            var pod: String
            var ratio: Double?
            var totals: Totals
        }

        var control: Int
        var experiment: Int
        var spread: Double
        var isAssumed: Bool
        var outliers: [Outlier]
        var treatment: String

        init(_ pods: PodsEvidence) {
            control = pods.control
            experiment = pods.experiment
            spread = pods.spread
            isAssumed = pods.isAssumed
            outliers = pods.outliers.map { Outlier(pod: $0.pod, ratio: $0.ratio, totals: Totals($0.totals)) }
            treatment = pods.treatment.rawValue
        }

        var value: PodsEvidence {
            PodsEvidence(
                control: control,
                experiment: experiment,
                spread: spread,
                isAssumed: isAssumed,
                outliers: outliers.map { PodOutlier(pod: $0.pod, ratio: $0.ratio, totals: $0.totals.value) },
                treatment: .init(named: treatment)
            )
        }
    }

    struct Environment: Codable {
        var ratio: Double
        var experimentRatio: Double?
        var isDegraded: Bool

        init(_ environment: EnvironmentEvidence) {
            ratio = environment.ratio
            experimentRatio = environment.experimentRatio
            isDegraded = environment.isDegraded
        }

        var value: EnvironmentEvidence {
            EnvironmentEvidence(ratio: ratio, experimentRatio: experimentRatio, isDegraded: isDegraded)
        }
    }

    var comparison: String
    var effect: Ratio?
    var margin: Double
    var harm: Double?
    var harmEvidence: Double
    var harmThreshold: Double
    var safetyEvidence: Double
    var safetyThreshold: Double
    var noise: Noise
    var units: Int
    var stepsPerUnit: Int?
    var skippedUnits: Int
    var lateSamples: Int
    var control: Totals?
    var experiment: Totals?
    var since: Int?
    var neededUnits: Double?
    var neededLooks: Int?
    var bounds: [Bound]
    var ruledOutRate: Double?
    var split: Split?
    var pods: Pods?
    var environment: Environment?
    var newValues: NewValuesForm?
    var strata: StrataForm?
    var limits: [String]

    init(_ evidence: SequentialEvidence) {
        comparison = evidence.comparison.rawValue
        effect = evidence.effect.map(Ratio.init)
        margin = evidence.margin
        harm = evidence.harm
        harmEvidence = evidence.harmEvidence
        harmThreshold = evidence.harmThreshold
        safetyEvidence = evidence.safetyEvidence
        safetyThreshold = evidence.safetyThreshold
        noise = Noise(
            source: evidence.noise.source.rawValue,
            dispersion: evidence.noise.dispersion,
            historyUnits: evidence.noise.historyUnits,
            learnedAt: evidence.noise.learnedAt
        )
        units = evidence.units
        stepsPerUnit = evidence.stepsPerUnit == 1 ? nil : evidence.stepsPerUnit
        skippedUnits = evidence.skippedUnits
        lateSamples = evidence.lateSamples
        control = evidence.control.map(Totals.init)
        experiment = evidence.experiment.map(Totals.init)
        since = evidence.since
        neededUnits = evidence.neededUnits
        neededLooks = evidence.neededLooks
        bounds = evidence.bounds.map {
            Bound(
                bound: $0.bound,
                control: Totals($0.control),
                experiment: Totals($0.experiment),
                effect: $0.effect.map(Ratio.init),
                harmEvidence: $0.harmEvidence
            )
        }
        ruledOutRate = evidence.ruledOutRate
        split = evidence.split.map(Split.init)
        pods = evidence.pods.map(Pods.init)
        environment = evidence.environment.map(Environment.init)
        newValues = evidence.newValues.map(NewValuesForm.init)
        strata = evidence.strata.map(StrataForm.init)
        limits = evidence.limits
    }

    var value: SequentialEvidence {
        SequentialEvidence(
            comparison: .init(named: comparison),
            effect: effect?.value,
            margin: margin,
            harm: harm,
            harmEvidence: harmEvidence,
            harmThreshold: harmThreshold,
            safetyEvidence: safetyEvidence,
            safetyThreshold: safetyThreshold,
            noise: NoiseEvidence(
                source: .init(named: noise.source),
                dispersion: noise.dispersion,
                historyUnits: noise.historyUnits,
                learnedAt: noise.learnedAt
            ),
            units: units,
            stepsPerUnit: stepsPerUnit ?? 1,
            skippedUnits: skippedUnits,
            lateSamples: lateSamples,
            control: control?.value,
            experiment: experiment?.value,
            since: since,
            neededUnits: neededUnits,
            neededLooks: neededLooks,
            bounds: bounds.map {
                BoundEvidence(
                    bound: $0.bound,
                    control: $0.control.value,
                    experiment: $0.experiment.value,
                    effect: $0.effect?.value,
                    harmEvidence: $0.harmEvidence
                )
            },
            ruledOutRate: ruledOutRate,
            split: split?.value,
            pods: pods?.value,
            environment: environment?.value,
            newValues: newValues?.value,
            strata: strata?.value,
            limits: limits
        )
    }
}
