/// How the values of two sides are compared step by step: what counts as worse, and by how much.
package struct GaugeRule: Sendable, Equatable {
    /// What is compared.
    package enum Comparison: UInt8, Sendable, Equatable {
        /// The ratio of the values, for metrics that are never negative.
        case ratio = 0
        /// The difference of the values against the absolute floor, for metrics that change sign.
        case difference = 1
    }

    /// Which direction is harm.
    package let direction: Direction
    package let comparison: Comparison
    /// A step is worse when experiment / control is above it (or below 1 / it, where a decrease is harm).
    package let nullRatio: Double
    /// Evidence from the median counts only while more than half of the steps are above this ratio.
    package let gateRatio: Double
    /// What is added to both values; above 0 for metrics that are 0 at times.
    package let offset: Double
    /// A step is worse only when the values differ by more than this, in the metric's unit.
    package let absoluteFloor: Double
    package let starts: RunStarts

    /// ln of the bounds.
    let logNull: Double
    let logGate: Double

    /// The bounds of the ratio of gauges.
    package static let ratios = (null: 1.05, gate: 1.10)

    /// A rule for an analysis of a number of steps.
    ///
    /// - Throws: `SequentialRuleError` for ratios that are not between 1 and 32, and numbers that are negative or none.
    package init(
        direction: Direction = .increase,
        comparison: Comparison = .ratio,
        nullRatio: Double = ratios.null,
        gateRatio: Double = ratios.gate,
        offset: Double = 0,
        absoluteFloor: Double = 0,
        plannedSteps: Int
    ) throws(SequentialRuleError) {
        guard nullRatio >= 1, nullRatio <= 32 else { throw .ratio(nullRatio) }
        guard gateRatio >= 1, gateRatio <= 32 else { throw .ratio(gateRatio) }
        let largest = GaugeStep.largestValue
        guard offset >= 0, offset <= largest else { throw .number("the offset", offset) }
        guard absoluteFloor >= 0, absoluteFloor <= largest else { throw .number("the absolute floor", absoluteFloor) }
        self.direction = direction
        self.comparison = comparison
        self.nullRatio = nullRatio
        self.gateRatio = gateRatio
        self.offset = offset
        self.absoluteFloor = absoluteFloor
        starts = try RunStarts(planned: plannedSteps, weights: RunStarts.voteWeights)
        logNull = Elementary.log(nullRatio)
        logGate = Elementary.log(gateRatio)
    }

    /// ln(experiment / control) with the offset; nil for values that have no ratio. Where one side is 0 it is as large as
    /// ratios can be here, and 0 where both are.
    func logRatio(_ step: GaugeStep) -> Double? {
        let control = step.control + offset
        let experiment = step.experiment + offset
        guard control >= 0, experiment >= 0 else { return nil }
        if control == experiment { return 0 }
        guard control > 0 else { return Self.largestLogRatio }
        guard experiment > 0 else { return -Self.largestLogRatio }
        return min(Self.largestLogRatio, max(-Self.largestLogRatio, Elementary.log(experiment / control)))
    }

    /// ln of 10^12.
    private static let largestLogRatio = 12 * Elementary.log(10.0)
}
