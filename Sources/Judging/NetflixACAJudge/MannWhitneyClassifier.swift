/// Kayenta's rules for one metric: whether the experiment is high, low or much like the control.
struct MannWhitneyClassifier {
    var name: String
    var settings: MetricSettings

    struct Outcome: Equatable {
        var classification: MetricClassification
        var reason: String?
        var criticalFailure = false
        /// mean(experiment) / mean(control), whatever measure the limits are for; nil when the test broke down.
        var ratio: Double? = 1
        var effect: Effect?
        var shift: ShiftInterval?
    }

    /// Both sides are cleaned: free of NaN.
    func classify(control: [Double], experiment: [Double]) -> Outcome {
        if control.isEmpty || experiment.isEmpty { return missing() }
        if Self.sameValues(control, experiment) {
            return Outcome(classification: .pass, reason: "The Canary and Baseline data are identical")
        }
        let controlIsConstant = Self.isConstant(control)
        let experimentIsConstant = Self.isConstant(experiment)
        guard controlIsConstant, experimentIsConstant else { return compare(control: control, experiment: experiment) }
        if control.first == experiment.first { return Outcome(classification: .pass) }

        var noise = DegenerateNoise(control: control, experiment: experiment)
        let noisyExperiment = noise.added(to: experiment)
        let noisyControl = noise.added(to: control)
        return compare(control: noisyControl, experiment: noisyExperiment)
    }

    /// No samples on a side: `critical` goes before `mustHaveData`, and replacing missing samples means to let them pass.
    private func missing() -> Outcome {
        guard settings.nanStrategy == .remove else { return Outcome(classification: .pass) }
        let reason = "Missing data for \(name)"
        if settings.mustHaveData, !settings.critical {
            return Outcome(classification: .nodataFailMetric, reason: reason)
        }
        return Outcome(classification: .nodata, reason: reason, criticalFailure: settings.critical)
    }

    private func compare(control: [Double], experiment: [Double]) -> Outcome {
        guard let shift = try? ShiftInterval(control: control, experiment: experiment) else {
            return Outcome(classification: .error, reason: "Metric Classification Failed", ratio: nil)
        }
        let limits = settings.effect
        let ratio = MeanRatio.of(control: control, experiment: experiment)
        let value =
            switch limits.measure {
            case .meanRatio: ratio
            case .cles: CommonLanguageEffectSize.of(control: control, experiment: experiment)
            }
        let effect = Effect(
            measure: limits.measure,
            value: value,
            allowedIncrease: limits.allowedIncrease,
            allowedDecrease: limits.allowedDecrease
        )

        // An effect that cannot be computed is not held against the limits.
        let isHigh =
            settings.direction != .decrease && shift.lower > shift.bound
            && (value.isNaN || value >= limits.allowedIncrease)
        let isLow =
            settings.direction != .increase && shift.upper < -shift.bound
            && (value.isNaN || value <= limits.allowedDecrease)

        guard isHigh || isLow else {
            return Outcome(classification: .pass, ratio: ratio, effect: effect, shift: shift)
        }
        let classification: MetricClassification = isHigh ? .high : .low
        let isBeyondCritical = isHigh ? value >= limits.criticalIncrease : value <= limits.criticalDecrease
        let isCritical = settings.critical && (value.isNaN || isBeyondCritical)
        let reason =
            isCritical
            ? "The metric \(name) was classified as \(classification.rawValue) (Critical)"
            : "\(name) was classified as \(classification.rawValue)"
        return Outcome(
            classification: classification,
            reason: reason,
            criticalFailure: isCritical,
            ratio: ratio,
            effect: effect,
            shift: shift
        )
    }

    /// The same values as often, in any order. Zeros of both signs are equal, although they are sorted apart.
    private static func sameValues(_ control: [Double], _ experiment: [Double]) -> Bool {
        guard control.count == experiment.count else { return false }
        return zip(inTotalOrder(control), inTotalOrder(experiment)).allSatisfy { $0 == $1 }
    }

    private static func inTotalOrder(_ values: [Double]) -> [Double] {
        values.sorted { TotalOrder($0) < TotalOrder($1) }
    }

    private static func isConstant(_ values: [Double]) -> Bool {
        values.allSatisfy { $0 == values.first }
    }
}
