/// What an expression gives.
package enum PromQLType: String, Sendable {
    case scalar
    case vector
    case matrix
    case string

    /// In the words of Prometheus' documentation, with an article.
    package var described: String {
        switch self {
        case .scalar: "a scalar"
        case .vector: "an instant vector"
        case .matrix: "a range vector"
        case .string: "a string"
        }
    }
}

extension PromQLExpression {
    package var type: PromQLType {
        switch self {
        case .number: .scalar
        case .string: .string
        case .selector, .aggregation: .vector
        case .range, .subquery: .matrix
        case .call(let call): PromQLFunction.named(call.function)?.result ?? .vector
        case .binary(let operation):
            operation.left.type == .scalar && operation.right.type == .scalar ? .scalar : .vector
        case .unary(let operation): operation.operand.type
        case .parentheses(let inner, _): inner.type
        }
    }
}
