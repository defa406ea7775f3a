package import Judging

/// Kayenta's judgement of one metric (`NetflixACAJudge-v1.0`), written as plainly as its definition allows.
///
/// It is the definition that the product's faster judge is compared with, bit for bit: sort, rank and sum, and nothing
/// clever. Only the order of floating-point operations is kept with care, since it decides the last bits.
package enum ReferenceJudge {
    package static func judge(_ pair: MetricPair) -> ReferenceJudgement {
        let control = prepared(pair.control, pair.settings)
        let experiment = prepared(pair.experiment, pair.settings)
        var judgement = ReferenceJudgement(
            classification: .pass,
            control: ReferenceMoments.statistics(of: control),
            experiment: ReferenceMoments.statistics(of: experiment)
        )
        if control.isEmpty || experiment.isEmpty {
            judgeMissing(pair, &judgement)
        } else if areIdentical(control, experiment) {
            judgement.reason = "The Canary and Baseline data are identical"
        } else if isConstant(control) && isConstant(experiment) {
            // Equal constants in different numbers pass without a word.
            if control[0] != experiment[0] {
                let (noisyControl, noisyExperiment) = ReferenceNoise.added(control: control, experiment: experiment)
                compare(pair, noisyControl, noisyExperiment, &judgement)
            }
        } else {
            compare(pair, control, experiment, &judgement)
        }
        return judgement
    }

    /// Missing samples first, then outliers by the fences of what is left.
    private static func prepared(_ samples: [Double], _ settings: MetricSettings) -> [Double] {
        var values: [Double]
        switch settings.nanStrategy {
        case .remove: values = samples.filter { !$0.isNaN }
        case .replace: values = samples.map { $0.isNaN ? 0 : $0 }
        }
        if case .remove(let factor) = settings.outliers {
            let fences = ReferenceQuantile.fences(of: values, factor: factor)
            values = values.filter { !($0 < fences.lower || $0 > fences.upper) }
        }
        return values
    }

    private static func judgeMissing(_ pair: MetricPair, _ judgement: inout ReferenceJudgement) {
        let settings = pair.settings
        if settings.nanStrategy == .replace { return }
        judgement.reason = "Missing data for \(pair.name)"
        if settings.critical {
            judgement.classification = .nodata
            judgement.criticalFailure = true
        } else {
            judgement.classification = settings.mustHaveData ? .nodataFailMetric : .nodata
        }
    }

    /// Equal after sorting with -0.0 before 0.0, where `==` then takes the two zeros as equal.
    private static func areIdentical(_ control: [Double], _ experiment: [Double]) -> Bool {
        ReferenceRanks.sorted(control) == ReferenceRanks.sorted(experiment)
    }

    private static func isConstant(_ values: [Double]) -> Bool {
        values.allSatisfy { $0 == values[0] }
    }

    private static func compare(
        _ pair: MetricPair,
        _ control: [Double],
        _ experiment: [Double],
        _ judgement: inout ReferenceJudgement
    ) {
        guard let shift = try? ReferenceShift(control: control, experiment: experiment) else {
            judgement.classification = .error
            judgement.reason = "Metric Classification Failed"
            judgement.ratio = nil
            return
        }
        let settings = pair.settings
        let limits = settings.effect
        let ratio = ReferenceMoments.ratio(control: control, experiment: experiment)
        let effect: Double
        switch limits.measure {
        case .meanRatio: effect = ratio
        case .cles: effect = ReferenceRanks.commonLanguageEffectSize(control: control, experiment: experiment)
        }
        judgement.ratio = ratio
        judgement.effectValue = effect
        judgement.shift = shift

        // The interval lies beyond the bound, and so does the effect; one that is NaN is not held against the limits.
        if settings.direction != .decrease, shift.lower > shift.bound,
            effect.isNaN || effect >= limits.allowedIncrease
        {
            judgement.classification = .high
            judgement.criticalFailure = settings.critical && (effect.isNaN || effect >= limits.criticalIncrease)
        } else if settings.direction != .increase, shift.upper < -shift.bound,
            effect.isNaN || effect <= limits.allowedDecrease
        {
            judgement.classification = .low
            judgement.criticalFailure = settings.critical && (effect.isNaN || effect <= limits.criticalDecrease)
        }
        guard judgement.classification != .pass else { return }
        let word = judgement.classification.rawValue
        judgement.reason =
            judgement.criticalFailure
            ? "The metric \(pair.name) was classified as \(word) (Critical)"
            : "\(pair.name) was classified as \(word)"
    }
}
