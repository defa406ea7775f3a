import Analysis
import PromQL

/// Series of failures that do not exist while nothing fails.
extension PlannedQuery {
    var missingNumeratorFindings: [QueryFinding] {
        guard !metric.muted, purpose == .value || purpose == .events else { return [] }
        let ratio = QueryRatio(expression)
        let isCounted = purpose == .events && plan.isSequential
        if metric.noData == .zero, ratio != nil, !isCounted {
            return [
                QueryFinding(
                    .warning,
                    "is a ratio with noData: zero: a side without any traffic, or with labels that select nothing, counts as 0 "
                        + "too; keep noData: hold and write (… or vector(0)) around the numerator"
                )
            ]
        }
        guard metric.noData == .hold || metric.noData == .fail else { return [] }
        let counted = ratio?.numerator ?? expression
        guard !Self.hasFallback(counted), let selector = counted.selectors.first(where: { Self.selectsFailures($0) })
        else {
            return []
        }
        let outcome =
            isCounted
            ? "passes nothing until it has had one"
            : metric.noData == .hold ? "then waits to its deadline and passes nothing" : "then fails"
        let instead =
            ratio == nil
            ? "write … or vector(0), or noData: zero" : "write (… or vector(0)) around the numerator"
        return [
            QueryFinding(
                .advice,
                at: place(of: selector.range),
                "selects failures, of which a healthy service may have no series; the metric \(outcome) (noData: "
                    + "\(metric.noData.rawValue)): \(instead)"
            )
        ]
    }

    /// Whether something else stands in where the series are missing.
    static func hasFallback(_ expression: PromQLExpression) -> Bool {
        switch expression {
        case .binary(let operation) where operation.binaryOperator == .or: true
        case .parentheses(let inner, _): hasFallback(inner)
        case .unary(let operation): hasFallback(operation.operand)
        case .binary(let operation): hasFallback(operation.left) || hasFallback(operation.right)
        case .call(let call): call.function.hasPrefix("absent") || call.arguments.contains(where: hasFallback)
        case .aggregation(let aggregation): hasFallback(aggregation.expression)
        case .subquery(let subquery): hasFallback(subquery.expression)
        case .number, .string, .selector, .range: false
        }
    }

    static func selectsFailures(_ expression: PromQLExpression) -> Bool {
        expression.selectors.contains { selectsFailures($0) }
    }

    /// A matcher that picks out failures: a status of 4xx or 5xx, words for them, or all but success.
    static func selectsFailures(_ selector: VectorSelector) -> Bool {
        (selector.matchers ?? []).contains { matcher in
            guard case .label(let label) = matcher, let value = label.value.value?.lowercased() else { return false }
            switch label.kind {
            case .equal, .matches: return isFailure(value, of: label.name)
            case .notEqual, .matchesNot: return isSuccess(value, of: label.name)
            }
        }
    }

    private static let statusWords = [
        "code", "status", "response", "outcome", "result", "success", "error", "exception", "reason",
    ]

    private static func isStatus(_ label: String) -> Bool {
        let label = label.lowercased()
        return statusWords.contains { label.contains($0) }
    }

    private static func isFailure(_ value: String, of label: String) -> Bool {
        guard isStatus(label) else { return false }
        let words = [
            "error", "fail", "exception", "timeout", "abort", "reject", "unavailable", "internal", "denied", "unknown",
        ]
        if words.contains(where: { value.contains($0) }) { return true }
        if label.lowercased().contains("success"), value == "false" || value == "0" { return true }
        return value.drop { "^(?:[".contains($0) }.first.map { "45".contains($0) } ?? false
    }

    private static func isSuccess(_ value: String, of label: String) -> Bool {
        guard isStatus(label) else { return false }
        return ["ok", "success", "succeeded", "true", "0"].contains(value)
            || value.drop { "^(?:[".contains($0) }.first == "2"
    }
}
