import Analysis
import PromQL
import Text

/// How many series an expression can give, as far as the text tells.
enum ResultSeries: Equatable {
    /// At most one.
    case one
    /// One for each combination of values of these labels.
    case each(Set<String>)
    /// One for each combination of all labels but these.
    case eachBut(Set<String>)
    /// As many as the selectors find.
    case any

    var isOne: Bool { self == .one }

    /// Fewer of the two, where series of both belong together.
    private func matched(with other: ResultSeries) -> ResultSeries {
        switch (self, other) {
        case (.one, _), (_, .one): .one
        case (.each(let labels), .each(let others)): .each(labels.intersection(others)).simplified
        case (.each, _): self
        case (_, .each): other
        default: self
        }
    }

    private var simplified: ResultSeries {
        if case .each(let labels) = self, labels.isEmpty { return .one }
        return self
    }

    func without(_ label: String) -> ResultSeries {
        guard case .each(let labels) = self else { return self }
        return ResultSeries.each(labels.subtracting([label])).simplified
    }
}

extension ResultSeries {
    /// - Parameter pinned: labels that have one value on a side, and so make no series more.
    init(of expression: PromQLExpression, pinned: Set<String>) {
        switch expression {
        case .number, .string: self = .one
        case .selector(let selector): self = Self.of(selector)
        case .range(let range): self = Self.of(range.selector)
        case .subquery(let subquery): self.init(of: subquery.expression, pinned: pinned)
        case .parentheses(let inner, _): self.init(of: inner, pinned: pinned)
        case .unary(let operation): self.init(of: operation.operand, pinned: pinned)
        case .call(let call): self = Self.of(call, pinned: pinned)
        case .aggregation(let aggregation): self = Self.of(aggregation, pinned: pinned)
        case .binary(let operation): self = Self.of(operation, pinned: pinned)
        }
    }

    /// What rules have recorded (`level:metric:operations`) is mostly aggregated already.
    private static func of(_ selector: VectorSelector) -> ResultSeries {
        selector.metric?.contains(":") ?? false ? .one : .any
    }

    private static func of(_ call: FunctionCall, pinned: Set<String>) -> ResultSeries {
        switch call.function {
        case "absent", "absent_over_time", "scalar", "vector": return .one
        case "histogram_quantiles": return .any
        default: break
        }
        let series = call.arguments.filter { $0.type == .vector || $0.type == .matrix }
            .map { ResultSeries(of: $0, pinned: pinned) }.first
        guard call.function == "histogram_quantile" || call.function == "histogram_fraction" else {
            return series ?? .one
        }
        return (series ?? .one).without("le")
    }

    private static func of(_ aggregation: Aggregation, pinned: Set<String>) -> ResultSeries {
        let inner = ResultSeries(of: aggregation.expression, pinned: pinned)
        if aggregation.aggregator.keepsSeries { return inner }
        if aggregation.aggregator == .countValues { return .any }
        guard !inner.isOne else { return .one }
        switch aggregation.grouping {
        case .by(let labels):
            let fixed = Self.equalLabels(of: aggregation.expression).union(pinned)
            return ResultSeries.each(Set(labels.map(\.name)).subtracting(fixed)).simplified
        case .without(let labels): return .eachBut(Set(labels.map(\.name)))
        case nil: return .one
        }
    }

    private static func of(_ operation: BinaryOperation, pinned: Set<String>) -> ResultSeries {
        let left = ResultSeries(of: operation.left, pinned: pinned)
        let right = ResultSeries(of: operation.right, pinned: pinned)
        if operation.left.type == .scalar { return right }
        if operation.right.type == .scalar { return left }
        switch (operation.binaryOperator, operation.matching.many) {
        case (.and, _), (.unless, _), (_, .left): return left
        case (_, .right): return right
        case (.or, _): return left.isOne && right.isOne ? .one : left.isOne ? right : left
        default: return left.matched(with: right)
        }
    }

    /// Labels that every selector of the expression asks for with `=`.
    private static func equalLabels(of expression: PromQLExpression) -> Set<String> {
        let sets = expression.selectors.map { selector in
            Set(
                (selector.matchers ?? []).compactMap { matcher -> String? in
                    guard case .label(let label) = matcher, label.kind == .equal else { return nil }
                    return label.name
                }
            )
        }
        guard let first = sets.first else { return [] }
        return sets.dropFirst().reduce(first) { $0.intersection($1) }
    }
}

extension PlannedQuery {
    /// A side must be one series.
    var severalSeriesFindings: [QueryFinding] {
        guard metric.combine == nil, expression.type == .vector else { return [] }
        let combine = "or say in the plan how to combine them (combine: sum, average, minimum or maximum)"
        let series = ResultSeries(of: expression, pinned: scopeLabels)
        switch purpose == .buckets ? series.without("le") : series {
        case .one: return []
        case .each(let labels):
            let names = labels.sorted().joined(separator: ", ")
            return [
                QueryFinding(
                    .warning,
                    at: place(of: expression.unparenthesized.range),
                    "gives a series for each value of \(names.excerpt(100)), where a side must give one: aggregate without by "
                        + "(\(names.excerpt(100))), \(combine)"
                )
            ]
        case .eachBut, .any:
            return [
                QueryFinding(
                    .advice,
                    at: place(of: expression.unparenthesized.range),
                    "may give several series, where a side must give one: aggregate, as in sum(…), \(combine)"
                )
            ]
        }
    }

    /// Labels that make no series more: those that `${scope}` fixes wherever it stands in every selector, and the one that
    /// counts are told apart by.
    var scopeLabels: Set<String> { fixedLabels.union(metric.breakdown.map { [$0.label] } ?? []) }

    private var fixedLabels: Set<String> {
        let usesScope = expression.selectors.allSatisfy { selector in
            (selector.matchers ?? []).contains { if case .placeholder = $0 { true } else { false } }
        }
        guard usesScope else { return [] }
        let experiment = Set(plan.scopes.experiment?.keys.map { $0 } ?? [])
        guard case .labels(let control)? = plan.scopes.control else { return experiment }
        return experiment.intersection(control.keys)
    }
}
