import PromQL

/// Evaluates expressions over made-up counters: a rate of a selector has a number of its own, the larger the fewer matchers
/// it has, so that a part is below its whole.
struct FakeEvaluator {
    /// Selectors that have no series, by their text.
    var missing: Set<String> = []

    /// Nil for what is no count here, and where there are no series.
    func value(_ expression: PromQLExpression) -> Double? {
        switch expression {
        case .number(let literal): return literal.value
        case .parentheses(let inner, _): return value(inner)
        case .aggregation(let aggregation): return value(aggregation.expression)
        case .call(let call):
            switch call.function {
            case "rate", "irate", "increase": return rate(call)
            case "vector": return value(call.arguments[0])
            case "clamp_min": return value(call.arguments[0]).map { max($0, value(call.arguments[1]) ?? 0) }
            default: return nil
            }
        case .binary(let operation):
            if operation.binaryOperator == .or { return value(operation.left) ?? value(operation.right) }
            guard let left = value(operation.left), let right = value(operation.right) else { return nil }
            switch operation.binaryOperator {
            case .add: return left + right
            case .subtract: return left - right
            case .multiply: return left * right
            case .divide: return left / right
            case .greater: return left > right ? left : nil
            default: return nil
            }
        case .string, .selector, .range, .subquery, .unary: return nil
        }
    }

    private func rate(_ call: FunctionCall) -> Double? {
        guard case .range(let range)? = call.arguments.first else { return nil }
        let text = PromQLExpression.selector(range.selector).text
        guard !missing.contains(text) else { return nil }
        let matchers = Double(range.selector.matchers?.count ?? 0)
        let spread = Double(text.utf8.reduce(0) { ($0 * 31 + Int($1)) % 97 }) / 970
        return 1000 / (1 + 4 * matchers) + spread
    }
}
