import PromQL

/// One expression divided by another, perhaps scaled, or taken from the whole: `100 * a / b`, `1 - a / b`.
struct QueryShare {
    let numerator: PromQLExpression
    let divisor: PromQLExpression
    let matching: VectorMatching
    /// What the quotient is multiplied by: 100 for percent.
    let scale: Double
    /// The value is the rest: `1 - a / b`.
    let isComplement: Bool

    /// Nil when the expression is no share.
    init?(_ expression: PromQLExpression) {
        guard let quotient = AffineQuotient(expression, factor: 1) else { return nil }
        (numerator, divisor, matching) = (quotient.numerator, quotient.divisor, quotient.matching)
        if quotient.constant == 0, quotient.factor > 0 {
            (scale, isComplement) = (quotient.factor, false)
        } else if quotient.constant > 0, abs(quotient.factor / quotient.constant + 1) < 1e-9 {
            (scale, isComplement) = (quotient.constant, true)
        } else {
            return nil
        }
    }
}

/// `constant + factor * numerator / divisor`.
private struct AffineQuotient {
    var constant: Double
    var factor: Double
    var numerator: PromQLExpression
    var divisor: PromQLExpression
    var matching: VectorMatching
}

extension AffineQuotient {
    /// - Parameter factor: what the whole is multiplied by.
    fileprivate init?(_ expression: PromQLExpression, factor: Double) {
        switch expression {
        case .parentheses(let inner, _): self.init(inner, factor: factor)
        case .unary(let operation): self.init(operation.operand, factor: operation.isNegative ? -factor : factor)
        case .binary(let operation): self.init(operation, factor: factor)
        default: return nil
        }
    }

    fileprivate init?(_ operation: BinaryOperation, factor: Double) {
        let (left, right) = (operation.left, operation.right)
        switch (operation.binaryOperator, left.factor, right.factor) {
        case (.multiply, let number?, nil): self.init(right, factor: factor * number)
        case (.multiply, nil, let number?): self.init(left, factor: factor * number)
        case (.divide, nil, let number?): self.init(left, factor: factor / number)
        case (.subtract, let number?, nil):
            self.init(right, factor: -factor)
            constant += factor * number
        case (.subtract, nil, let number?):
            self.init(left, factor: factor)
            constant -= factor * number
        case (.add, let number?, nil):
            self.init(right, factor: factor)
            constant += factor * number
        case (.add, nil, let number?):
            self.init(left, factor: factor)
            constant += factor * number
        case (.divide, nil, nil) where left.type == .vector && right.type == .vector:
            let (numerator, divisor, ratio) = Self.split(operation)
            self.init(
                constant: 0,
                factor: factor * ratio,
                numerator: numerator,
                divisor: divisor,
                matching: operation.matching
            )
        // Without requests there is no share: 0 stands for it.
        case (.or, nil, _) where right.isZero && factor > 0:
            self.init(left, factor: factor)
            guard constant == 0 else { return nil }
        default: return nil
        }
        guard constant.isFinite, self.factor.isFinite else { return nil }
    }

    /// `100 * a / b` is read from the left, as `(100 * a) / b`.
    private static func split(_ operation: BinaryOperation) -> (PromQLExpression, PromQLExpression, Double) {
        let (numerator, above) = withoutFactor(operation.left)
        let (divisor, below) = withoutFactor(operation.right)
        return (numerator, divisor, above / below)
    }

    private static func withoutFactor(_ expression: PromQLExpression) -> (PromQLExpression, Double) {
        guard case .binary(let operation) = expression.unparenthesized else { return (expression, 1) }
        let (inner, factor): (PromQLExpression, Double)
        switch (operation.binaryOperator, operation.left.factor, operation.right.factor) {
        case (.multiply, let number?, nil): (inner, factor) = (operation.right, number)
        case (.multiply, nil, let number?): (inner, factor) = (operation.left, number)
        case (.divide, nil, let number?): (inner, factor) = (operation.left, 1 / number)
        default: return (expression, 1)
        }
        let (innermost, rest) = withoutFactor(inner)
        return (innermost, factor * rest)
    }
}
