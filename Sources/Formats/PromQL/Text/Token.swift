/// A token of PromQL, as `promql/parser/lex.go` of Prometheus tells them apart.
struct Token: Equatable {
    enum Kind: Equatable {
        case end
        case comma, colon, at
        case leftParenthesis, rightParenthesis
        case leftBrace, rightBrace
        case leftBracket, rightBracket
        /// `=`, `=~`, `!~`; `!=` is an operator too.
        case equal, matches, matchesNot
        case binary(BinaryOperator)
        /// A name without a colon, with one, and a word with a meaning of its own.
        case identifier, metricIdentifier
        case keyword(Keyword)
        case number, duration, string
        /// `${name}` outside of a string.
        case placeholder(String)
        /// The text cannot be read from here on.
        case unreadable(String)
    }

    var kind: Kind
    var range: SourceRange

    static func == (left: Token, right: Token) -> Bool {
        left.kind == right.kind && left.range.start == right.range.start && left.range.end == right.range.end
    }
}

/// The words of PromQL, in any case of letters.
enum Keyword: String, CaseIterable {
    case and, or, unless, atan2
    case sum, avg, count, min, max, group, stddev, stdvar, topk, bottomk, quantile, limitk
    case countValues = "count_values"
    case limitRatio = "limit_ratio"
    case offset, smoothed, anchored, by, without, on, ignoring, bool
    case groupLeft = "group_left"
    case groupRight = "group_right"
    case fill
    case fillLeft = "fill_left"
    case fillRight = "fill_right"
    case start, end, step, range
    case maxOf = "max_of"
    case minOf = "min_of"

    static let byWord = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

    var aggregation: AggregationOperator? { AggregationOperator(rawValue: rawValue) }

    /// The operator that the word is between two expressions.
    var binary: BinaryOperator? {
        switch self {
        case .and: .and
        case .or: .or
        case .unless: .unless
        case .atan2: .atan2
        default: nil
        }
    }

    /// Whether the word may also be a metric's name.
    var mayNameMetric: Bool {
        switch self {
        case .atan2, .on, .ignoring, .bool, .groupLeft, .groupRight: false
        default: true
        }
    }

    /// Whether a call may begin with the word.
    var mayNameFunction: Bool {
        switch self {
        case .start, .end, .step, .range, .maxOf, .minOf: true
        default: false
        }
    }
}
