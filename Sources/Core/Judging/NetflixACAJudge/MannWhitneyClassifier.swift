/// Kayenta's rules for one metric: whether the experiment is high, low or much like the control.
struct MannWhitneyClassifier {
    var name: String
    var settings: MetricSettings

    struct Outcome: Equatable {
        var classification: MetricClassification
        var reason: MetricReason?
        var criticalFailure = false
        /// mean(experiment) / mean(control), whatever measure the limits are for; nil when the test broke down.
        var ratio: Double? = 1
        var effect: Effect?
        var shift: ShiftInterval?
    }

    /// Both sides are in the workspace, cleaned, and these are their moments. Noise may be added to them there.
    func classify(
        _ moments: (control: Moments, experiment: Moments),
        in workspace: inout JudgingWorkspace
    ) -> Outcome {
        if workspace.control.isEmpty || workspace.experiment.isEmpty { return missing() }
        if workspace.control.hasSameValues(as: workspace.experiment) {
            return Outcome(classification: .pass, reason: .identical)
        }
        guard workspace.control.isConstant, workspace.experiment.isConstant else {
            return compare(moments, in: &workspace)
        }
        if workspace.control.sorted.lowest == workspace.experiment.sorted.lowest {
            return Outcome(classification: .pass)
        }
        return compare(workspace.addNoise(), in: &workspace)
    }

    /// No samples on a side: `critical` goes before `mustHaveData`, and replacing missing samples means to let them pass.
    private func missing() -> Outcome {
        guard settings.nanStrategy == .remove else { return Outcome(classification: .pass) }
        let reason = MetricReason.missingData(for: name)
        if settings.mustHaveData, !settings.critical {
            return Outcome(classification: .nodataFailMetric, reason: reason)
        }
        return Outcome(classification: .nodata, reason: reason, criticalFailure: settings.critical)
    }

    private func compare(
        _ moments: (control: Moments, experiment: Moments),
        in workspace: inout JudgingWorkspace
    ) -> Outcome {
        guard let shift = try? workspace.shift() else {
            return Outcome(classification: .error, reason: .failed, ratio: nil)
        }
        let limits = settings.effect
        let ratio = MeanRatio.of(control: moments.control.mean, experiment: moments.experiment.mean)
        let value =
            switch limits.measure {
            case .meanRatio: ratio
            case .cles: workspace.commonLanguageEffectSize()
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
        let reason = MetricReason.classified(name, as: classification, isCritical: isCritical)
        return Outcome(
            classification: classification,
            reason: reason,
            criticalFailure: isCritical,
            ratio: ratio,
            effect: effect,
            shift: shift
        )
    }
}
