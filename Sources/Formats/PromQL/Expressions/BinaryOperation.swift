package enum BinaryOperator: String, Sendable, CaseIterable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case modulo = "%"
    case power = "^"
    case atan2
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    /// Of native histograms.
    case trimUpper = "</"
    case trimLower = ">/"
    case and
    case or
    case unless

    package var isComparison: Bool {
        switch self {
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
        default: false
        }
    }

    package var isSetOperator: Bool { self == .and || self == .or || self == .unless }

    /// What binds tighter has a higher one.
    var precedence: Int {
        switch self {
        case .or: 1
        case .and, .unless: 2
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .trimUpper, .trimLower: 3
        case .add, .subtract: 4
        case .multiply, .divide, .modulo, .atan2: 5
        case .power: 6
        }
    }

    static let unaryPrecedence = BinaryOperator.multiply.precedence
}

package struct BinaryOperation: Sendable, Equatable {
    package var left: PromQLExpression
    package var binaryOperator: BinaryOperator
    /// 0 or 1 as the result of a comparison, instead of a filter.
    package var returnsBool: Bool
    package var matching: VectorMatching
    package var right: PromQLExpression

    package var range: SourceRange { left.range.through(right.range) }
}

/// Which series of the two sides belong together.
package struct VectorMatching: Sendable, Equatable {
    package enum Labels: Sendable, Equatable {
        case on([GroupingLabel])
        case ignoring([GroupingLabel])
    }

    package enum Many: Sendable, Equatable {
        /// `group_left` and `group_right`, with the labels that are taken over; nil where no list is written.
        case left([GroupingLabel]?)
        case right([GroupingLabel]?)
    }

    package struct Fill: Sendable, Equatable {
        package enum Side: String, Sendable {
            case both = "fill"
            case left = "fill_left"
            case right = "fill_right"
        }

        package var side: Side
        /// As it is written, with its sign.
        package var value: String
    }

    package var labels: Labels?
    package var many: Many?
    package var fills: [Fill]

    package init(labels: Labels? = nil, many: Many? = nil, fills: [Fill] = []) {
        self.labels = labels
        self.many = many
        self.fills = fills
    }

    package var isPlain: Bool { labels == nil && many == nil && fills.isEmpty }
}
