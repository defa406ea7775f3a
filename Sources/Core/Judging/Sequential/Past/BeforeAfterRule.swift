/// How values after a release are compared with those before it, where no control runs beside.
package struct BeforeAfterRule: Sendable, Equatable {
    /// Which direction is harm.
    package let direction: Direction
    /// A ratio to the values before the release up to this counts as healthy; at least 1.
    package let margin: Double
    /// What is added to all values; above 0 for metrics that are 0 at times.
    package let offset: Double
    /// The steps of the whole analysis.
    package let plannedSteps: Int
    /// The steps after which it is looked, ascending: from a quarter of the analysis to its end.
    let looks: [Int]

    /// The most steps that an analysis can have: its values are kept until its end.
    package static let largestSteps = 1 << 20
    /// The most looks that are compared, and how many in a row have to show harm.
    static let largestLooks = 15
    static let looksInARow = 3
    /// Fewer earlier windows show no noise, and nothing is decided.
    package static let fewestWindows = 5
    /// More teach little that is new.
    package static let largestWindows = 32

    /// - Throws: `SequentialRuleError` for a margin below 1, a negative offset, or an absurd number of steps.
    package init(
        direction: Direction = .increase,
        margin: Double = 1.1,
        offset: Double = 0,
        plannedSteps: Int
    ) throws(SequentialRuleError) {
        guard margin >= 1, margin <= 32 else { throw .ratio(margin) }
        guard offset >= 0, offset <= GaugeStep.largestValue else { throw .number("the offset", offset) }
        guard plannedSteps >= 1, plannedSteps <= Self.largestSteps else { throw .plannedUnits(plannedSteps) }
        self.direction = direction
        self.margin = margin
        self.offset = offset
        self.plannedSteps = plannedSteps
        let first = (plannedSteps + 3) / 4
        let count = min(Self.largestLooks, plannedSteps - first + 1)
        looks =
            count > 1
            ? (0..<count).map { first + $0 * (plannedSteps - first) / (count - 1) } : [plannedSteps]
    }

    /// ln of a value with the offset; nil where it has none.
    func logValue(_ value: Double) -> Double? {
        let shifted = value + offset
        return shifted > 0 && shifted <= GaugeStep.largestValue ? Elementary.log(shifted) : nil
    }
}
