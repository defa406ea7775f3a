/// What the sequential judge has made of a metric's settled samples: a few kilobytes, whatever the age of the analysis.
///
/// Steps are folded in the order of time, each once; the same steps give the same bits, on every replica.
package struct SequentialState: Sendable, Equatable {
    /// The comparison's own state.
    indirect enum Comparison: Sendable, Equatable {
        case counts(CountsComparison)
        case gauge(GaugeComparison)
        case latency(LatencyComparison)
        case past(PastComparison)
    }

    /// Steps of the analysis, from its start, that have been folded in.
    package internal(set) var folded = 0
    package internal(set) var control = SideTally()
    package internal(set) var experiment = SideTally()
    /// Samples that came for steps that had been folded in without them.
    package internal(set) var lateSamples = 0
    var comparison: Comparison
    /// Whether requests are split as the event declares; nil while it declares nothing.
    var split: SplitComparison?
    /// Whether both sides are as the control was before the release (counts with a history).
    var fate: SharedFate?
    /// Steps since a side last had requests.
    var idle = IdleSteps()
    /// How the evidence has grown.
    var trail = EvidenceTrail()
    /// How the effect went over the looks.
    package internal(set) var effects = EffectTrail()
    /// What the control had before the release; nil where that is not known, or nothing is counted.
    package internal(set) var before: ControlBefore?
    /// The noise of an earlier analysis that this one goes by; nil where it has learned its own, or none.
    package internal(set) var kept: KeptNoise?

    /// Nothing folded yet.
    ///
    /// - Parameter kept: what an earlier analysis has learned, for a history that teaches nothing.
    package init(_ rule: SequentialRule, history: MetricHistory, kept: KeptNoise? = nil) {
        var objective: Double?
        if case .latency(let given) = rule.measure { objective = given }
        before = ControlBefore(history.control, objective: objective)
        comparison =
            switch rule.measure {
            case .counts: .counts(CountsComparison(rule, history: history))
            case .gauge: .gauge(GaugeComparison(rule, history: history))
            case .latency(let objective): .latency(LatencyComparison(rule, objective: objective, history: history))
            case .past: .past(PastComparison(rule, history: history))
            }
        fate = SharedFate(rule, history: history)
        if let kept { use(kept) }
    }

    /// Goes on from what was stored.
    init(
        folded: Int,
        control: SideTally,
        experiment: SideTally,
        lateSamples: Int,
        comparison: Comparison,
        trail: EvidenceTrail,
        split: SplitComparison?
    ) {
        self.split = split
        self.trail = trail
        self.folded = folded
        self.control = control
        self.experiment = experiment
        self.lateSamples = lateSamples
        self.comparison = comparison
    }

    /// Takes in the settled steps of an increment, which begins behind what has been folded. What it has no place for, such as
    /// a histogram where there were values, is passed over.
    mutating func fold(_ increment: MetricIncrement, by rule: SequentialRule) {
        lateSamples += control.late(increment.controlBefore) + experiment.late(increment.experimentBefore)
        let experimentShown = increment.experiment.shown
        let controlShown = increment.control?.shown ?? []
        for step in 0..<min(increment.settled, increment.experiment.stepCount) {
            experiment.add(experimentShown[step])
            if let control = increment.control {
                self.control.add(controlShown.indices.contains(step) ? controlShown[step] : .nan)
                comparison.fold(step, control, increment.experiment, endsUnit: endsUnit(rule))
                check(step, control, increment, by: rule)
            } else {
                comparison.fold(experimentShown[step])
            }
            folded += 1
            let size = max(1, rule.stepsPerUnit)
            if folded.isMultiple(of: size) { record(unit: folded / size, by: rule) }
        }
    }

    /// Checks what the comparison takes for granted.
    private mutating func check(
        _ step: Int,
        _ control: MetricIncrement.Column,
        _ increment: MetricIncrement,
        by rule: SequentialRule
    ) {
        if increment.declaredShare != nil, split == nil, rule.countsRequests { split = SplitComparison() }
        let requests = (control.requests(at: step), increment.experiment.requests(at: step))
        idle.add(control: requests.0, experiment: requests.1)
        split?.fold(control: requests.0, experiment: requests.1)
        fate?.fold(step, control: control, experiment: increment.experiment)
        guard endsUnit(rule) else { return }
        split?.endUnit(declared: increment.declaredShare)
        if case .counts(let counts) = comparison { fate?.endUnit(rule.direction, counts.noise) }
    }

    /// Whether the step that is folded now is the last of its unit.
    private func endsUnit(_ rule: SequentialRule) -> Bool { (folded + 1).isMultiple(of: max(1, rule.stepsPerUnit)) }
}

extension SequentialState {
    /// Remembers what a look has made of the metric.
    package mutating func record(_ evidence: SequentialEvidence, look: Int) {
        guard let effect = evidence.effect else { return }
        effects.record(
            EffectPoint(
                look: look,
                ratio: effect.estimate,
                lower: effect.lower,
                upper: effect.upper,
                evidence: evidence.harmEvidence
            )
        )
    }

    /// Pieces of time that were left out because a side was missing.
    package var skippedUnits: Int {
        switch comparison {
        case .counts(let counts): counts.units.skipped
        case .gauge(let gauge): gauge.state.map { $0.oneSided + $0.refused } ?? 0
        case .latency(let latency): latency.state?.tested.first.map { $0.state.oneSided + $0.state.refused } ?? 0
        case .past(let past): past.state.map { $0.missing + $0.refused } ?? 0
        }
    }
}
