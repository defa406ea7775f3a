/// How the comparisons of a condition, by their position, are joined.
indirect enum ConditionPredicate: Sendable, Equatable {
    case comparison(Int)
    case all([ConditionPredicate])
    case any([ConditionPredicate])

    /// Whether it holds, given which comparisons do.
    func holds(_ comparisons: [Bool]) -> Bool {
        switch self {
        case .comparison(let index): comparisons.indices.contains(index) && comparisons[index]
        case .all(let parts): parts.allSatisfy { $0.holds(comparisons) }
        case .any(let parts): parts.contains { $0.holds(comparisons) }
        }
    }
}

/// One comparison as the plan writes it.
struct ConditionComparison: Sendable, Equatable {
    enum Sign: String, Sendable, CaseIterable {
        case atMost = "<="
        case atLeast = ">="
        case below = "<"
        case above = ">"
        case equal = "=="
        case unequal = "!="

        /// NaN compares with nothing: not even `!=` holds.
        func holds(_ left: Double, _ right: Double) -> Bool {
            guard !left.isNaN, !right.isNaN else { return false }
            return switch self {
            case .atMost: left <= right
            case .atLeast: left >= right
            case .below: left < right
            case .above: left > right
            case .equal: left == right
            case .unequal: left != right
            }
        }

        var opposite: Sign {
            switch self {
            case .atMost: .above
            case .atLeast: .below
            case .below: .atLeast
            case .above: .atMost
            case .equal: .unequal
            case .unequal: .equal
            }
        }
    }

    var text: String
    var left: Operand
    var sign: Sign
    var right: Operand

    struct Operand: Sendable, Equatable {
        var text: String
        var expression: ConditionExpression
    }
}
