import Judging

/// One metric of an analysis as the sequential judge keeps it.
struct SequentialMetric {
    /// One of the four is there. They are folded in place.
    private var counts: CountsState?
    private var gauge: GaugeState?
    private var latency: LatencyState?
    private var past: BeforeAfterState?
    private var noise = CountNoise.assumed
    private var bounds: [Double] = []
    private let weight: Double

    /// Nil for a metric that the judge cannot judge: counts and histograms need a control at the same time.
    init?(_ metric: EvaluatedMetric, of analysis: EvaluatedAnalysis, withHistory: Bool) {
        weight = metric.weight
        let direction = metric.fallsWhenWorse ? Direction.decrease : .increase
        let planned = analysis.planned
        switch (metric.kind, analysis.comparison) {
        case (.counts(let history), .concurrent):
            guard let rule = try? CountsRule(plannedUnits: planned) else { return nil }
            if withHistory, let learned = LearnedNoise(history: history) { noise = CountNoise(.learned(learned)) }
            counts = CountsState(rule)
        case (.latency(let bounds, let history), .concurrent):
            guard let rule = try? LatencyRule(plannedUnits: planned) else { return nil }
            self.bounds = bounds
            latency = LatencyState(
                rule,
                history: withHistory ? history.compactMap { $0.histogram(bounds: bounds) } : []
            )
        case (.gauge(let offset), .concurrent):
            guard let rule = try? GaugeRule(direction: direction, offset: offset, plannedSteps: planned) else {
                return nil
            }
            gauge = GaugeState(rule)
        case (.gauge(let offset), .before):
            guard let rule = try? BeforeAfterRule(direction: direction, offset: offset, plannedSteps: planned) else {
                return nil
            }
            let windows = EarlierWindow.neighbours(metric.earlier, steps: planned)
            past = BeforeAfterState(rule, reference: Array(metric.earlier.suffix(planned)), earlier: windows)
        case (.counts, .before), (.latency, .before): return nil
        }
    }

    mutating func fold(_ unit: EvaluatedUnit) {
        switch unit {
        case .counts(let unit): counts?.fold(unit)
        case .values(let control, let experiment):
            past?.fold(experiment)
            if control.isNaN || experiment.isNaN {
                gauge?.skip()
            } else {
                gauge?.fold(GaugeStep(control: control, experiment: experiment))
            }
        case .latencies(let control, let experiment):
            latency?.fold(experiment: experiment.histogram(bounds: bounds), control: control.histogram(bounds: bounds))
        }
    }

    /// Nil where a control runs at the same time: evidence decides then.
    var outcome: BeforeAfterState.Outcome? { past?.outcome }

    var evidence: WeightedEvidence {
        let evidence = counts?.evidence(level: nil, noise: noise) ?? gauge?.evidence(level: nil)
        let latency = latency?.evidence(level: nil)
        return WeightedEvidence(
            weight: weight,
            logFail: evidence?.logFail ?? latency?.logFail ?? 0,
            logPass: evidence?.logPass ?? latency?.logPass ?? 0
        )
    }
}

extension LatencyBuckets {
    /// Nil without requests.
    func histogram(bounds: [Double]) -> HistogramCounts? {
        var below = 0.0
        let cumulative = counts.dropLast().map { count in
            below += count
            return below
        }
        return HistogramCounts(bounds: bounds, cumulative: cumulative, total: requests)
    }
}
