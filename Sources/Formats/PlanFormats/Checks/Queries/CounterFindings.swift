import PromQL
import Text

/// Counters that are read as they stand. They start at 0 in each process, so that the younger side always lies lower.
extension PlannedQuery {
    /// Functions of how a counter changes, or of whether it is there at all.
    private static let ofChange: Set<String> = [
        "rate", "irate", "increase", "delta", "idelta", "deriv", "resets", "changes", "predict_linear", "absent",
        "absent_over_time", "present_over_time", "count_over_time", "timestamp",
    ]

    var counterFindings: [QueryFinding] {
        // Of counts it is an error, which is told by itself.
        guard purpose == .value else { return [] }
        var names: Set<String> = []
        return Self.rawCounters(in: expression).compactMap { selector in
            guard let name = selector.metric, names.insert(name).inserted else { return nil }
            return QueryFinding(
                .warning,
                at: place(of: selector.range),
                "reads the counter \(name.excerpt(80)) without rate() or increase(): it starts at 0 in each process, so that the new "
                    + "version lies lower, whatever happens"
            )
        }
    }

    static func isCounter(_ name: String) -> Bool {
        !name.contains(":") && ["_total", "_count", "_sum", "_bucket"].contains { name.hasSuffix($0) }
    }

    private static func rawCounters(in expression: PromQLExpression) -> [VectorSelector] {
        switch expression {
        case .selector(let selector): return isCounter(selector.metric ?? "") ? [selector] : []
        case .range(let range): return isCounter(range.selector.metric ?? "") ? [range.selector] : []
        case .call(let call) where ofChange.contains(call.function): return []
        case .aggregation(let aggregation) where aggregation.aggregator == .count || aggregation.aggregator == .group:
            // How many there are, not how high they stand.
            return []
        case .binary(let operation) where operation.binaryOperator == .and || operation.binaryOperator == .unless:
            return rawCounters(in: operation.left)
        case .binary(let operation) where operation.binaryOperator == .subtract:
            if isDifferenceInTime(operation) { return [] }
            return expression.children.flatMap(rawCounters)
        default: return expression.children.flatMap(rawCounters)
        }
    }

    /// `x - x offset 5m`: an increase, written by hand.
    private static func isDifferenceInTime(_ operation: BinaryOperation) -> Bool {
        let (left, right) = (operation.left.selectors, operation.right.selectors)
        let names = Set((left + right).map(\.metric))
        let isEarlier = right.contains { $0.modifiers.list.contains { if case .offset = $0 { true } else { false } } }
        return names.count == 1 && !left.isEmpty && isEarlier
    }
}
