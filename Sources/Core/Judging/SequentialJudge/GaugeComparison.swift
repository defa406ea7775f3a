/// A value a step of both sides.
struct GaugeComparison: Sendable, Equatable {
    var state: GaugeState?
    /// What pairs before the release have taught; nil where there were none.
    var noise: PairNoise?

    /// Share of the control's usual value that is added to both sides where the control is 0 at times: a ratio of nothing
    /// means nothing.
    static let offsetShare = 0.05

    init(_ rule: SequentialRule, history: MetricHistory) {
        var known: [Double] = []
        if case .values(let values)? = history.control { known = values.filter(\.isFinite) }
        let changesSign = known.contains { $0 < 0 }
        let mean = known.isEmpty ? 0 : known.reduce(0, +) / Double(known.count)
        let gauge = try? GaugeRule(
            direction: rule.direction,
            comparison: changesSign && rule.floor > 0 ? .difference : .ratio,
            nullRatio: min(max(rule.margin, 1), 32),
            gateRatio: min(max(rule.gate, 1), 32),
            offset: known.contains(0) ? max(0, mean * Self.offsetShare) : 0,
            absoluteFloor: max(0, rule.floor),
            plannedSteps: rule.plannedSteps
        )
        state = gauge.map { GaugeState($0) }
        guard let gauge, case .values(let controls)? = history.control,
            case .values(let experiments)? = history.experiment
        else { return }
        let pairs = zip(controls, experiments).map { GaugeStep(control: $0, experiment: $1) }
        noise = PairNoise(pairs, by: gauge)
    }

    init(_ state: GaugeState?) {
        self.state = state
    }

    mutating func fold(_ step: Int, _ control: MetricIncrement.Column, _ experiment: MetricIncrement.Column) {
        guard case .values(let controls) = control, case .values(let values) = experiment else { return }
        let pair = (CountsComparison.value(controls, step), CountsComparison.value(values, step))
        if pair.0.isNaN || pair.1.isNaN {
            state?.skip()
        } else {
            state?.fold(GaugeStep(control: pair.0, experiment: pair.1))
        }
    }

    /// - Parameter level: of the interval; nil leaves the effect out.
    func reading(level: Double?) -> ComparisonReading {
        var reading = ComparisonReading(.gauge)
        reading.rulesOutHarm = false
        guard let state else { return reading }
        (reading.units, reading.skipped) = (state.folded, state.oneSided + state.refused)
        let evidence = state.evidence(level: level, floor: noise?.floor ?? 1)
        reading.logFail = evidence.logFail
        reading.logPass = evidence.logPass
        reading.sinceUnit = evidence.harmSince
        reading.noise = NoiseEvidence(
            source: noise == nil ? .measured : .learned,
            dispersion: evidence.dispersion,
            historyUnits: noise?.pairs ?? 0
        )
        reading.effect = evidence.ratio
        return reading
    }
}
