import PromQL
import Text

/// Histograms: quantiles that lost their buckets, and results that are histograms instead of numbers.
extension PlannedQuery {
    var histogramFindings: [QueryFinding] {
        lostBuckets(in: expression) + nativeHistograms(in: expression)
    }

    /// `histogram_quantile` over buckets that were summed up without `le`.
    private func lostBuckets(in expression: PromQLExpression) -> [QueryFinding] {
        var found = expression.children.flatMap(lostBuckets)
        guard case .call(let call) = expression,
            call.function == "histogram_quantile" || call.function == "histogram_fraction",
            let buckets = call.arguments.last,
            buckets.selectors.contains(where: { ($0.metric ?? "").hasSuffix("_bucket") }),
            !keepsBuckets(buckets)
        else { return found }
        found.append(
            QueryFinding(
                .warning,
                at: place(of: call.range),
                "\(call.function)() of buckets without their label le gives nothing: sum by (le) (…)"
            )
        )
        return found
    }

    func keepsBuckets(_ expression: PromQLExpression) -> Bool {
        switch expression.unparenthesized {
        case .aggregation(let aggregation) where !aggregation.aggregator.keepsSeries:
            keepsBuckets(aggregation.grouping) && keepsBuckets(aggregation.expression)
        case .call(let call): call.arguments.allSatisfy(keepsBuckets)
        case .binary(let operation): keepsBuckets(operation.left) && keepsBuckets(operation.right)
        case .unary(let operation): keepsBuckets(operation.operand)
        case .subquery(let subquery): keepsBuckets(subquery.expression)
        case .number, .string, .selector, .range, .aggregation, .parentheses: true
        }
    }

    private func keepsBuckets(_ grouping: Aggregation.Grouping?) -> Bool {
        switch grouping {
        // VictoriaMetrics has buckets by vmrange.
        case .by(let labels): labels.contains { $0.name == "le" || $0.name == "vmrange" }
        case .without(let labels): !labels.contains { $0.name == "le" }
        case nil: false
        }
    }

    private static let units = ["_seconds", "_milliseconds", "_bytes", "_duration", "_latency", "_size", "_histogram"]

    /// A rate of what is named like a histogram: its result has no number.
    private func nativeHistograms(in expression: PromQLExpression, isRate: Bool = false) -> [QueryFinding] {
        switch expression {
        case .parentheses(let inner, _): return nativeHistograms(in: inner, isRate: isRate)
        case .unary(let operation): return nativeHistograms(in: operation.operand, isRate: isRate)
        case .aggregation(let aggregation) where aggregation.aggregator == .sum || aggregation.aggregator == .avg:
            return nativeHistograms(in: aggregation.expression, isRate: isRate)
        case .call(let call) where ["rate", "increase", "irate", "delta"].contains(call.function):
            return call.arguments.flatMap { nativeHistograms(in: $0, isRate: true) }
        case .binary(let operation)
        where [.multiply, .divide].contains(operation.binaryOperator) && operation.right.type == .scalar:
            return nativeHistograms(in: operation.left, isRate: isRate)
        case .binary(let operation) where operation.binaryOperator == .multiply && operation.left.type == .scalar:
            return nativeHistograms(in: operation.right, isRate: isRate)
        case .range(let range):
            let name = range.selector.metric ?? ""
            guard isRate, !name.contains(":"), Self.units.contains(where: { name.hasSuffix($0) }) else { return [] }
            return [
                QueryFinding(
                    .warning,
                    at: place(of: range.selector.range),
                    "gives histograms instead of numbers where \(name.excerpt(80)) is a native histogram: use histogram_quantile(), "
                        + "histogram_avg() or histogram_fraction(), or the series \(name.excerpt(80))_count"
                )
            ]
        default: return []
        }
    }
}
