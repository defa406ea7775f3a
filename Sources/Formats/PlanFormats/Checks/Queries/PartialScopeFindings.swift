import PromQL

/// Parts of a query that are the same on both sides, beside parts that are not.
extension PlannedQuery {
    /// Only for queries of which some selector depends on the side.
    var partialScopeFindings: [QueryFinding] {
        guard dependsOnSide(expression) else {
            return [
                QueryFinding(
                    .warning,
                    "has the same value on both sides: ${scope} only decides whether there is one; put it into the selectors that "
                        + "the value comes from"
                )
            ]
        }
        return sharedParts(of: expression)
    }

    /// Whether the value, where there is one, comes from series of the side.
    private func dependsOnSide(_ expression: PromQLExpression) -> Bool {
        switch expression {
        case .selector(let selector): return !Self.labelsOfScope(in: selector).isEmpty
        case .range(let range): return !Self.labelsOfScope(in: range.selector).isEmpty
        case .binary(let operation):
            if dependsOnSide(operation.left) { return true }
            // Of several series on the left, those of the side are picked out.
            if filters(operation), isOne(operation.left) { return false }
            return dependsOnSide(operation.right)
        default: return expression.children.contains(where: dependsOnSide)
        }
    }

    /// Whether the operation lets values of its left through, or not, and changes none.
    private func filters(_ operation: BinaryOperation) -> Bool {
        switch operation.binaryOperator {
        case .and, .unless: true
        default: operation.binaryOperator.isComparison && !operation.returnsBool && operation.left.type == .vector
        }
    }

    private func sharedParts(of expression: PromQLExpression) -> [QueryFinding] {
        let inner = expression.children.flatMap(sharedParts)
        guard case .binary(let operation) = expression, !filters(operation) else { return inner }
        let (left, right) = (operation.left, operation.right)
        let shared = dependsOnSide(left) ? right : left
        guard dependsOnSide(left) != dependsOnSide(right), isOne(shared), let selector = shared.selectors.first else {
            return inner
        }
        let problem =
            operation.binaryOperator == .or
            ? "stands in for the other side of `or`, and has no ${scope}: where it does, both sides are the same series"
            : "has no ${scope}, while the rest of the query has: it is the same on both sides, so that the side with less traffic "
                + "comes out lower or higher, whatever happens"
        return inner + [QueryFinding(.warning, at: place(of: selector.range), problem)]
    }

    private func isOne(_ expression: PromQLExpression) -> Bool {
        expression.type == .scalar || ResultSeries(of: expression, pinned: scopeLabels).isOne
    }
}
