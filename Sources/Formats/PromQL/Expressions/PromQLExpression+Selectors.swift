extension PromQLExpression {
    /// The expression with each of its vector selectors changed, in the order of the text.
    package func changingSelectors(_ change: (inout VectorSelector) -> Void) -> PromQLExpression {
        switch self {
        case .number, .string: return self
        case .selector(var selector):
            change(&selector)
            return .selector(selector)
        case .range(var range):
            change(&range.selector)
            return .range(range)
        case .subquery(var subquery):
            subquery.expression = subquery.expression.changingSelectors(change)
            return .subquery(subquery)
        case .call(var call):
            call.arguments = call.arguments.map { $0.changingSelectors(change) }
            return .call(call)
        case .aggregation(var aggregation):
            aggregation.parameter = aggregation.parameter?.changingSelectors(change)
            aggregation.expression = aggregation.expression.changingSelectors(change)
            return .aggregation(aggregation)
        case .binary(var operation):
            operation.left = operation.left.changingSelectors(change)
            operation.right = operation.right.changingSelectors(change)
            return .binary(operation)
        case .unary(var operation):
            operation.operand = operation.operand.changingSelectors(change)
            return .unary(operation)
        case .parentheses(let inner, let range): return .parentheses(inner.changingSelectors(change), range)
        }
    }
}

extension VectorSelector {
    /// Lets through only series whose label matches.
    ///
    /// - Parameter literal: the value as it is written in a query, with its quotes.
    package mutating func add(_ label: String, _ kind: LabelMatcher.Kind, literal: String) {
        let matcher = LabelMatcher(
            label: GroupingLabel(text: label, name: label, range: range),
            kind: kind,
            value: StringLiteral(text: literal, value: nil, placeholders: [], range: range)
        )
        matchers = (matchers ?? []) + [.label(matcher)]
    }
}
