extension CountsComparison {
    /// Nil where pods are not told apart.
    func podComparison(by rule: SequentialRule) -> PodComparison? {
        guard case .pods(let podRule)? = rule.breakdown, let pods else { return nil }
        return PodComparison(pods, by: podRule)
    }

    /// Names the pods that stand out. For the worst of them the plan may hold the metric, or have it judged without that pod.
    func tell(_ pods: PodComparison, by rule: SequentialRule, to reading: inout ComparisonReading) {
        guard case .pods(let podRule)? = rule.breakdown else { return }
        reading.limits += pods.limits
        let dispersion = (increase ?? decrease)?.dispersions[0].dispersion(noise) ?? 1
        var outliers = increase.map { pods.outliers($0.rule, dispersion: dispersion, isDecrease: false) } ?? []
        if outliers.isEmpty, let decrease {
            outliers = pods.outliers(decrease.rule, dispersion: dispersion, isDecrease: true)
        }
        var treatment = PodsEvidence.Treatment.counted
        if podRule.onePod != .fail, let worst = outliers.first, let rest = pods.rest(without: worst) {
            var others = reading
            let directions = DirectionReadings(
                increase: increase.flatMap { pods.evidence(ofRest: rest, $0.rule, dispersion: dispersion) },
                decrease: decrease.flatMap { pods.evidence(ofRest: rest.exchanged, $0.rule, dispersion: dispersion) }
            )
            tell(directions, rest, by: rule, to: &others)
            others.sinceUnit = nil
            if rule.floor > 0, !(rest.rateDifference > rule.floor) { others.logFail = min(others.logFail, 0) }
            let suspected = Elementary.log(CombinedEvidence.holdingBack)
            if podRule.onePod == .exclude {
                reading = others
                treatment = .excluded
            } else if reading.logFail >= suspected, others.logFail < suspected {
                reading.logFail = others.logFail
                treatment = .held
            }
        }
        reading.pods = pods.evidence(outliers, treatment)
    }
}

extension CountsUnit {
    /// Events for each unit of exposure: the experiment's less the control's; 0 without any.
    fileprivate var rateDifference: Double {
        guard experimentExposure > 0, controlExposure > 0 else { return 0 }
        return experimentEvents / experimentExposure - controlEvents / controlExposure
    }
}
