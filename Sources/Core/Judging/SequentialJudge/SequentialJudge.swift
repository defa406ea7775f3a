/// The judge that may look after every sample.
///
/// It keeps evidence for and against harm for each metric, of a kind that a healthy release makes large at any look at all
/// only with a bounded probability (e-values; A. Ramdas, P. Grünwald, V. Vovk and G. Shafer, "Game-theoretic statistics and
/// safe anytime-valid inference", Statistical Science 38, 2023). So it may end an analysis at any look: with a failure
/// when harm is shown, with a pass when harm is ruled out.
package struct SequentialJudge: Judge {
    package static let name = "sequential"

    package init() {}

    package func fold(_ pair: inout MetricPair) {
        guard let increment = pair.increment, let rule = pair.settings.sequential else { return }
        let refused = pair.state?.refused
        pair.state?.fold(increment, by: rule)
        pair.obstacle = increment.obstacle ?? refused.flatMap { pair.state?.refusal(since: $0) }
        pair.increment = nil
    }

    /// The evidence of a metric, as if it were the only one. Samples without a state are judged as those of a gauge, at once.
    package func judge(_ pair: borrowing MetricPair, in workspace: inout JudgingWorkspace) -> MetricJudgement {
        let rule = pair.settings.sequential ?? Self.ruleOfSeries(pair)
        let state = pair.state ?? Self.stateOfSeries(pair, rule)
        var judgement = MetricJudgement(
            name: pair.name,
            groups: pair.groups,
            classification: .nodata,
            reason: nil,
            muted: pair.settings.muted,
            control: state.control.statistics,
            experiment: state.experiment.statistics
        )
        let isMissing = pair.state == nil || (pair.control.isEmpty && pair.experiment.isEmpty)
        if pair.settings.mustHaveData, isMissing {
            judgement.classification = .nodataFailMetric
            judgement.reason = .missingData(for: pair.name)
            judgement.criticalFailure = pair.settings.critical
            return judgement
        }
        let obstacle = pair.obstacle ?? state.refusal()
        guard state.hasCompared else {
            judgement.telemetry = state.idle.finding(stepsPerUnit: rule.stepsPerUnit, fewestUnits: 1)
            // A side without requests has samples, and yet says nothing: a pass waits for it.
            let mayBeLeftOut = rule.mayLackData && judgement.telemetry == nil && state.lacksSamples(by: rule)
            judgement.classification = mayBeLeftOut || rule.isSignal ? .nodata : .undecided
            let why =
                state.idle.reason(stepsPerUnit: rule.stepsPerUnit, fewestUnits: 1)
                ?? obstacle.map { "nothing compared: \($0)" }
            judgement.reason = MetricReason("\(pair.name): \(why ?? "nothing of both sides has been compared yet")")
            return judgement
        }
        judgement.classification = .undecided
        if state.control.count > 0 {
            judgement.ratio = MeanRatio.of(control: state.control.mean, experiment: state.experiment.mean)
        }
        var (evidence, decidesNothing) = state.assessment(by: rule)
        if let obstacle { evidence.limits.append(obstacle) }
        judgement.decidesNothing = decidesNothing || obstacle != nil
        judgement.evidence = .sequential(evidence)
        judgement.telemetry = state.idle.finding(stepsPerUnit: rule.stepsPerUnit)
        return judgement
    }

    package func judgement(
        of metrics: [MetricJudgement],
        from pairs: [MetricPair],
        by rules: ScoringRules
    ) -> Judgement {
        SequentialConclusion(metrics, pairs, rules).judgement
    }

    // MARK: - Series without a state

    private static func ruleOfSeries(_ pair: borrowing MetricPair) -> SequentialRule {
        SequentialRule(
            measure: .gauge,
            direction: pair.settings.direction,
            margin: GaugeRule.ratios.null,
            harm: CountsRule.errorRatios.pass,
            gate: GaugeRule.ratios.gate,
            plannedSteps: max(1, pair.control.count, pair.experiment.count)
        )
    }

    private static func stateOfSeries(_ pair: borrowing MetricPair, _ rule: SequentialRule) -> SequentialState {
        var state = SequentialState(rule, history: MetricHistory())
        let control = MetricIncrement.Column.values(pair.control)
        let experiment = MetricIncrement.Column.values(pair.experiment)
        state.fold(
            MetricIncrement(control: control, experiment: experiment, settled: pair.experiment.count),
            by: rule
        )
        return state
    }
}
