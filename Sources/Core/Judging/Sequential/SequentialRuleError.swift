/// A rule of the sequential judge that cannot be followed.
package enum SequentialRuleError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A number of planned units that is negative or absurd.
    case plannedUnits(Int)
    /// Weights of runs that are no shares of 1.
    case runWeights
    /// A ratio that the grid cannot test: it must lie between 1/32 and 32.
    case ratio(Double)
    /// A number that must be finite and not negative, with its name.
    case number(String, Double)
    /// A level outside of 0 to 1, with its name.
    case level(String, Double)

    package var description: String {
        switch self {
        case .plannedUnits(let units): "an analysis cannot have \(units) units"
        case .runWeights: "the weights of the runs are no shares of 1"
        case .ratio(let ratio): "the ratio \(ratio) cannot be tested: it must lie between 1/32 and 32"
        case .number(let name, let number): "\(name) is \(number), and must be a number that is not negative"
        case .level(let name, let level): "\(name) is \(level), and must lie between 0 and 1"
        }
    }
}
