/// What one step says about one direction of harm.
struct GaugeVote: Sendable, Equatable {
    /// How far beyond the null bound the step is, on the scale of the comparison.
    let excess: Double
    /// It is worse, by more than both bounds.
    let isWorse: Bool
    /// It is beyond the gate.
    let isBeyondGate: Bool
    /// It is no harm: below one of the bounds.
    let isHarmless: Bool

    /// - Parameters:
    ///   - logRatio: of experiment and control, where ratios are compared.
    ///   - sign: 1 where an increase is harm, -1 where a decrease is.
    init(_ step: GaugeStep, logRatio: Double, sign: Double, _ rule: GaugeRule) {
        let difference = sign * (step.experiment - step.control)
        switch rule.comparison {
        case .ratio:
            let distance = sign * logRatio
            excess = distance - rule.logNull
            isWorse = excess > 0 && difference > rule.absoluteFloor
            isBeyondGate = distance > rule.logGate && difference > rule.absoluteFloor
            isHarmless = excess < 0 || difference < rule.absoluteFloor
        case .difference:
            excess = difference - rule.absoluteFloor
            isWorse = excess > 0
            isBeyondGate = excess > 0
            isHarmless = excess < 0
        }
    }
}
