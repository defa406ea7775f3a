/// An expression of PromQL, as it was written: parentheses, numbers and strings are kept.
///
/// Where its parts stand in the text is known and is no part of equality.
package indirect enum PromQLExpression: Sendable, Equatable {
    case number(NumberLiteral)
    case string(StringLiteral)
    case selector(VectorSelector)
    case range(RangeSelector)
    case subquery(Subquery)
    case call(FunctionCall)
    case aggregation(Aggregation)
    case binary(BinaryOperation)
    case unary(UnaryOperation)
    case parentheses(PromQLExpression, SourceRange)

    package var range: SourceRange {
        switch self {
        case .number(let literal): literal.range
        case .string(let literal): literal.range
        case .selector(let selector): selector.range
        case .range(let selector): selector.range
        case .subquery(let subquery): subquery.range
        case .call(let call): call.range
        case .aggregation(let aggregation): aggregation.range
        case .binary(let operation): operation.range
        case .unary(let operation): operation.range
        case .parentheses(_, let range): range
        }
    }

    /// The expressions directly inside of this one, in the order of the text.
    package var children: [PromQLExpression] {
        switch self {
        case .number, .string, .selector, .range: []
        case .subquery(let subquery): [subquery.expression]
        case .call(let call): call.arguments
        case .aggregation(let aggregation): (aggregation.parameter.map { [$0] } ?? []) + [aggregation.expression]
        case .binary(let operation): [operation.left, operation.right]
        case .unary(let operation): [operation.operand]
        case .parentheses(let inner, _): [inner]
        }
    }

    /// The expression without parentheses around it.
    package var unparenthesized: PromQLExpression {
        var expression = self
        while case .parentheses(let inner, _) = expression { expression = inner }
        return expression
    }

    /// Every vector selector of the expression, in the order of the text.
    package var selectors: [VectorSelector] {
        switch self {
        case .selector(let selector): [selector]
        case .range(let range): [range.selector]
        default: children.flatMap(\.selectors)
        }
    }
}

/// A number, or a duration that stands for its seconds (`5m` is 300, since Prometheus 3).
package struct NumberLiteral: Sendable, Equatable {
    /// As it is written.
    package var text: String
    package var range: SourceRange

    /// The number, or the duration's seconds; nil for a placeholder, whose value is not known yet.
    package var value: Double? {
        NumberScanner.value(of: text) ?? NumberScanner.milliseconds(ofDuration: text).map { Double($0) / 1000 }
    }
}

package struct StringLiteral: Sendable, Equatable {
    /// As it is written, with its quotes.
    package var text: String
    /// What it means; nil where a placeholder stands in it, or bytes that are no text.
    package var value: String?
    /// The names of the placeholders in it.
    package var placeholders: [String]
    package var range: SourceRange
}

package struct FunctionCall: Sendable, Equatable {
    /// As it is written.
    package var function: String
    package var arguments: [PromQLExpression]
    package var range: SourceRange
}

package enum AggregationOperator: String, Sendable, CaseIterable {
    case sum, avg, count, min, max, group, stddev, stdvar, topk, bottomk, quantile, limitk
    case countValues = "count_values"
    case limitRatio = "limit_ratio"

    /// The type of the parameter before the vector, where there is one.
    package var parameter: PromQLType? {
        switch self {
        case .topk, .bottomk, .quantile, .limitk, .limitRatio: .scalar
        case .countValues: .string
        case .sum, .avg, .count, .min, .max, .group, .stddev, .stdvar: nil
        }
    }

    /// Whether series go through as they are, with their labels.
    package var keepsSeries: Bool {
        switch self {
        case .topk, .bottomk, .limitk, .limitRatio: true
        default: false
        }
    }
}

package struct Aggregation: Sendable, Equatable {
    package enum Grouping: Sendable, Equatable {
        case by([GroupingLabel])
        case without([GroupingLabel])
    }

    package var aggregator: AggregationOperator
    /// Nil where everything becomes one series.
    package var grouping: Grouping?
    package var parameter: PromQLExpression?
    package var expression: PromQLExpression
    package var range: SourceRange
}

/// A label's name in `by (…)`, `on (…)` and their like.
package struct GroupingLabel: Sendable, Equatable {
    /// As it is written, perhaps with quotes.
    package var text: String
    package var name: String
    package var range: SourceRange
}

package struct UnaryOperation: Sendable, Equatable {
    package var isNegative: Bool
    package var operand: PromQLExpression
    package var range: SourceRange
}
