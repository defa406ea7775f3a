package import Analysis
import PromQL

/// `… or vector(0)`, which makes zeros of what selects nothing.
extension PlannedQuery {
    /// Around everything.
    static func endsInVectorZero(_ expression: PromQLExpression) -> Bool { filled(expression) != nil }

    /// What of a metric's query, or of its numerator, has zeros in its place where it selects nothing; nil where nothing has.
    package static func withoutZeros(_ metric: PlannedMetric, in plan: AnalysisPlan) -> String? {
        guard let query = PlannedQuery(metric, in: plan) else { return nil }
        return filled(QueryRatio(query.expression)?.numerator ?? query.expression).map { query.text(of: $0.range) }
    }

    private static func filled(_ expression: PromQLExpression) -> PromQLExpression? {
        guard case .binary(let operation) = expression.unparenthesized else { return nil }
        if operation.binaryOperator == .or, case .call(let call) = operation.right.unparenthesized {
            return call.function == "vector" ? operation.left : nil
        }
        if operation.right.type == .scalar { return filled(operation.left) }
        return operation.left.type == .scalar ? filled(operation.right) : nil
    }
}
