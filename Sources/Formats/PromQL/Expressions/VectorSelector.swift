/// What selects series: a metric's name, matchers, or both.
package struct VectorSelector: Sendable, Equatable {
    /// The name before `{…}`.
    package var name: String?
    /// What stands in `{…}`; nil where there are no braces.
    package var matchers: [SelectorMatcher]?
    package var modifiers = TimeModifiers()
    package var range: SourceRange

    /// The metric's name, wherever it stands, if there is just one.
    package var metric: String? {
        if let name { return name }
        for matcher in matchers ?? [] {
            switch matcher {
            case .name(let literal): return literal.value
            case .label(let label) where label.name == "__name__" && label.kind == .equal: return label.value.value
            case .label, .placeholder: continue
            }
        }
        return nil
    }
}

package enum SelectorMatcher: Sendable, Equatable {
    case label(LabelMatcher)
    /// A metric's name in quotes: `{"http.requests"}`.
    case name(StringLiteral)
    /// `${scope}` of a template: one or more matchers.
    case placeholder(String, SourceRange)
}

package struct LabelMatcher: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case equal = "="
        case notEqual = "!="
        case matches = "=~"
        case matchesNot = "!~"
    }

    /// As it is written, perhaps with quotes.
    package var label: GroupingLabel
    package var kind: Kind
    package var value: StringLiteral

    package var name: String { label.name }
}

/// `offset` and `@`, in the order in which they are written.
package struct TimeModifiers: Sendable, Equatable {
    package enum Modifier: Sendable, Equatable {
        case offset(DurationExpression)
        /// A time in seconds as it is written, with its sign.
        case at(String)
        case atStart
        case atEnd
        case anchored
        case smoothed
    }

    package var list: [Modifier] = []

    package init() {}
}

/// `x[5m]`
package struct RangeSelector: Sendable, Equatable {
    package var selector: VectorSelector
    package var duration: DurationExpression
    package var modifiers = TimeModifiers()
    package var range: SourceRange
}

/// `rate(x[5m])[1h:1m]`
package struct Subquery: Sendable, Equatable {
    package var expression: PromQLExpression
    package var duration: DurationExpression
    /// Nil for the server's own.
    package var step: DurationExpression?
    package var modifiers = TimeModifiers()
    package var range: SourceRange
}

/// A length of time: `1h30m`, seconds, a placeholder, or (behind a feature flag of Prometheus 3) arithmetic.
package indirect enum DurationExpression: Sendable, Equatable {
    case literal(String)
    /// `${step}` and its like.
    case placeholder(String)
    case negated(DurationExpression)
    case binary(DurationExpression, BinaryOperator, DurationExpression)
    /// `step()`, `range()`, `min_of(a, b)`, `max_of(a, b)`
    case call(String, [DurationExpression])
    case parentheses(DurationExpression)

    /// Milliseconds; nil where they are not known before the query is asked.
    package var milliseconds: Int64? {
        switch self {
        case .literal(let text):
            if let milliseconds = NumberScanner.milliseconds(ofDuration: text) { return milliseconds }
            return NumberScanner.value(of: text).flatMap { Int64(exactly: ($0 * 1000).rounded()) }
        case .negated(let inner): return inner.milliseconds.map { -$0 }
        case .parentheses(let inner): return inner.milliseconds
        case .placeholder, .binary, .call: return nil
        }
    }
}
