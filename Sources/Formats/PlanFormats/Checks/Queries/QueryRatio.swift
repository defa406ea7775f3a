import PromQL

/// One reading divided by another, perhaps scaled or rounded: `100 * a / b`, `1 - a / b`.
struct QueryRatio {
    let numerator: PromQLExpression
    let divisor: PromQLExpression

    /// Nil when the expression is none.
    init?(_ expression: PromQLExpression) {
        guard let (numerator, divisor) = Self.parts(of: expression) else { return nil }
        self.numerator = numerator
        self.divisor = divisor
    }

    private static func parts(of expression: PromQLExpression) -> (PromQLExpression, PromQLExpression)? {
        switch expression.unparenthesized {
        case .binary(let operation):
            if operation.left.type == .scalar { return parts(of: operation.right) }
            if operation.right.type == .scalar { return parts(of: operation.left) }
            return operation.binaryOperator == .divide ? (operation.left, operation.right) : nil
        case .unary(let operation): return parts(of: operation.operand)
        case .call(let call) where ["round", "clamp", "clamp_min", "clamp_max", "abs"].contains(call.function):
            return call.arguments.first.flatMap(parts)
        default: return nil
        }
    }
}
