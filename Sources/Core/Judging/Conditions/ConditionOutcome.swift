/// What one metric's conditions say about its cleaned samples.
struct ConditionOutcome: Equatable {
    var classification: MetricClassification
    var reason: String?
    var criticalFailure = false
    var evidence: [ConditionEvidence] = []

    init(name: String, settings: MetricSettings, control: CleanedSamples, experiment: CleanedSamples) {
        guard let pass = settings.passCondition else {
            classification = .error
            reason = "\(name): the plan gives no pass condition"
            return
        }
        let conditions = [pass, settings.marginalCondition].compactMap(\.self)
        let missing =
            (control.isEmpty && conditions.contains(where: \.usesControl) ? ["control"] : [])
            + (experiment.isEmpty && conditions.contains(where: \.usesExperiment) ? ["experiment"] : [])
        guard missing.isEmpty else {
            reason = "\(name): no samples of the \(missing.joined(separator: " and the "))"
            classification = settings.mustHaveData ? .nodataFailMetric : .nodata
            criticalFailure = settings.mustHaveData && settings.critical
            return
        }

        let found = pass.evaluate(control: control, experiment: experiment)
        evidence = [found]
        if found.holds {
            classification = .pass
            return
        }
        let explanation = "\(name): \(pass.explanation(of: found))"
        if let marginal = settings.marginalCondition {
            let second = marginal.evaluate(control: control, experiment: experiment)
            evidence.append(second)
            if second.holds {
                classification = .marginal
                reason = "\(explanation); \(marginal.text) still holds"
                return
            }
        }
        classification = .fail
        reason = explanation
        criticalFailure = settings.critical
    }
}
