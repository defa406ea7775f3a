/// Which quirks of Kayenta's judge had a part in one metric's judgement, or may have had.
///
/// Everything is read off the judgement, so that asking costs no pass over the samples. Only for judgements by
/// `NetflixACAJudge`. Sources: Kayenta's `MannWhitneyClassifier`, `MannWhitney` and `EffectSizes`.
struct KayentaMetricCaveats {
    /// The ends of the interval and the estimate are each within this of the zero that was looked for (`BrentRootFinder`).
    private static let tolerance = 1e-4
    /// An end, and a bound that is a quarter of the estimate, may be off by so much together.
    private static let slack = 1.25 * tolerance
    /// Samples that differ by no more than this, over both sides, are small beside the tolerance.
    private static let tinyRange = 1e-2
    private static let fewSamples = 5

    private let metric: MetricJudgement
    private let settings: MetricSettings

    init(_ metric: MetricJudgement, _ settings: MetricSettings) {
        self.metric = metric
        self.settings = settings
    }

    var caveats: [KayentaCaveat] {
        guard metric.control.count > 0, metric.experiment.count > 0 else { return missingSamples }
        guard wasCompared else { return [] }
        return countedAsNothing + tooFewSamples + constantSides + infiniteSamples + roundedAway + meanRatio
    }

    /// Sides that are equal are not compared.
    private var wasCompared: Bool { metric.shift != nil || metric.classification == .error }

    // MARK: - Missing data

    private var missingSamples: [KayentaCaveat] {
        switch metric.classification {
        case .pass:
            [KayentaCaveat(.replacedSamples, "a side without any sample passes where missing samples are replaced")]
        case .nodata where metric.muted: []
        case .nodata where metric.criticalFailure:
            [KayentaCaveat(.criticalWithoutData, "without data a critical metric fails the judgement")]
        case .nodata: [KayentaCaveat(.missingMetrics, "without data the metric is left out of the score")]
        case .high, .low, .undecided, .marginal, .fail, .nodataFailMetric, .error, .unknown: []
        }
    }

    private var countedAsNothing: [KayentaCaveat] {
        guard metric.classification == .error, !metric.muted else { return [] }
        let critical = settings.critical ? ", although it is critical" : ""
        return [KayentaCaveat(.metricsInError, "a metric in error counts as nothing\(critical)")]
    }

    // MARK: - Samples

    private var tooFewSamples: [KayentaCaveat] {
        let counts = (metric.control.count, metric.experiment.count)
        guard min(counts.0, counts.1) < Self.fewSamples else { return [] }
        let text =
            "with fewer than 5 samples on a side (control \(counts.0), experiment \(counts.1)) any separation may count"
            + " as a difference"
        return [KayentaCaveat(.fewSamples, text)]
    }

    private var areConstant: Bool {
        metric.control.minimum == metric.control.maximum && metric.experiment.minimum == metric.experiment.maximum
    }

    private var constantSides: [KayentaCaveat] {
        guard areConstant else { return [] }
        let text = "both sides are constant and differ: small noise is added to tell them apart, in Kayenta at random"
        return [KayentaCaveat(.constantSides, text)]
    }

    private var infiniteSamples: [KayentaCaveat] {
        let sides = [("control", metric.control), ("experiment", metric.experiment)]
            .filter { $0.1.minimum.isInfinite || $0.1.maximum.isInfinite }.map(\.0)
        guard !sides.isEmpty, metric.classification == .pass else { return [] }
        let text =
            "an infinite sample (\(sides.joined(separator: ", "))) makes the metric pass, whatever the others say"
        return [KayentaCaveat(.infiniteSamples, text)]
    }

    /// Whether the root finder's tolerance is wide enough to turn the outcome.
    private var roundedAway: [KayentaCaveat] {
        guard !areConstant, let shift = metric.shift, shift.lower.isFinite, shift.upper.isFinite else { return [] }
        let mayTurn =
            counts(.increase) && abs(shift.lower - shift.bound) <= Self.slack
            || counts(.decrease) && abs(shift.upper + shift.bound) <= Self.slack
        guard mayTurn || shift.lower > shift.upper else { return [] }
        let range =
            (metric.control.maximum - metric.control.minimum) + (metric.experiment.maximum - metric.experiment.minimum)
        if range <= Self.tinyRange {
            let text =
                "the samples differ by so little that rounding (to 0.0001) may decide: multiply them in the query"
            return [KayentaCaveat(.tinyValues, text)]
        }
        let text =
            "the shift's interval ends so close to its bound that rounding (to 0.0001) may decide, as with samples that"
            + " are mostly 0 or take few values"
        return [KayentaCaveat(.mostlyZero, text)]
    }

    /// Whether a difference in that direction would count: the plan asks for it, and the effect reaches its limit.
    private func counts(_ direction: Direction) -> Bool {
        guard settings.direction == direction || settings.direction == .either else { return false }
        guard let effect = metric.effect, !effect.value.isNaN else { return true }
        return direction == .increase ? effect.value >= effect.allowedIncrease : effect.value <= effect.allowedDecrease
    }

    // MARK: - The ratio of the means

    private var meanRatio: [KayentaCaveat] {
        guard let effect = metric.effect, effect.measure == .meanRatio, let shift = metric.shift else { return [] }
        let means = (control: metric.control.mean, experiment: metric.experiment.mean)
        if means.control == 0 || means.experiment == 0 {
            // A pass did not need the limits.
            guard metric.classification != .pass else { return [] }
            return [
                KayentaCaveat(.zeroMeans, "a mean is 0, so that meanRatio is undefined and its limits do not apply")
            ]
        }
        if means.control < 0 && means.experiment < 0 {
            let text = "both means are negative, which turns meanRatio around: a fall is above 1, a rise below"
            return [KayentaCaveat(.negativeMeans, text)]
        }
        if means.control < 0 || means.experiment < 0 {
            return [KayentaCaveat(.negativeMeans, "the means have opposite signs, so that meanRatio says nothing")]
        }
        let up = settings.direction != .decrease && shift.lower > shift.bound && effect.value < 1
        let down = settings.direction != .increase && shift.upper < -shift.bound && effect.value > 1
        guard metric.classification == .pass, up || down else { return [] }
        let text =
            up
            ? "most samples rise while the mean falls, so that meanRatio lets the rise pass"
            : "most samples fall while the mean rises, so that meanRatio lets the fall pass"
        return [KayentaCaveat(.skewedSamples, text)]
    }
}
