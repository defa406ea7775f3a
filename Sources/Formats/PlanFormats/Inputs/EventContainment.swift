import PromQL

/// Whether the events of a share are some of its requests, as the text shows.
enum EventContainment {
    /// The same metric, with further matchers; or one of the addends of the divisor.
    static func isEvident(in share: QueryShare) -> Bool {
        let addends = addends(of: share.divisor)
        let events = withoutFallback(share.numerator)
        if addends.count > 1 { return addends.contains(events) }
        let (some, all) = (events.selectors, share.divisor.selectors)
        return some.count == 1 && all.count == 1 && isPart(some[0], of: all[0])
    }

    /// Whether each series of the one is a series of the other, or a bucket of what the other counts in all.
    private static func isPart(_ selector: VectorSelector, of other: VectorSelector) -> Bool {
        guard let name = selector.metric, let whole = other.metric else { return false }
        let given = (selector.matchers ?? []).filter { !$0.isName }
        let isBucket = name.hasSuffix("_bucket") && given.contains(where: \.isBound)
        let countsAll =
            isBucket && whole.hasSuffix("_count") && name.dropLast("_bucket".count) == whole.dropLast("_count".count)
        guard name == whole || countsAll else { return false }
        return (other.matchers ?? []).allSatisfy { $0.isName || given.contains($0) || isBucket && $0.isInfiniteBound }
    }

    private static func addends(of expression: PromQLExpression) -> [PromQLExpression] {
        let expression = withoutFallback(expression)
        guard case .binary(let operation) = expression, operation.binaryOperator == .add else { return [expression] }
        return addends(of: operation.left) + addends(of: operation.right)
    }

    /// Without parentheses, and without `or vector(0)`.
    private static func withoutFallback(_ expression: PromQLExpression) -> PromQLExpression {
        let inner = expression.unparenthesized
        guard case .binary(let operation) = inner, operation.binaryOperator == .or, operation.right.isZero else {
            return inner
        }
        return withoutFallback(operation.left)
    }
}

extension SelectorMatcher {
    /// One bucket: `le="0.3"`.
    fileprivate var isBound: Bool {
        guard case .label(let label) = self else { return false }
        return label.name == "le" && label.kind == .equal
    }

    /// The bucket of all: `le="+Inf"`.
    fileprivate var isInfiniteBound: Bool {
        guard case .label(let label) = self else { return false }
        return isBound && label.value.value == "+Inf"
    }

    /// The metric's name, which is compared by itself.
    fileprivate var isName: Bool {
        switch self {
        case .name: true
        case .label(let label): label.name == "__name__"
        case .placeholder: false
        }
    }
}
