@testable import PromQL

/// What of an expression Prometheus 2.42 does not know: the differences from it that are meant.
enum NewerFeatures {
    private static let functions: Set<String> = [
        "histogram_avg", "histogram_stddev", "histogram_stdvar", "histogram_quantiles", "info", "sort_by_label",
        "sort_by_label_desc",
        "start_timestamp", "first_over_time", "mad_over_time", "ts_of_first_over_time", "ts_of_last_over_time",
        "ts_of_max_over_time",
        "ts_of_min_over_time", "double_exponential_smoothing", "max_of", "min_of", "end", "range", "start", "step",
    ]

    static func areUsed(in expression: PromQLExpression) -> Bool {
        areUsedDirectly(in: expression) || expression.children.contains(where: areUsed)
    }

    private static func areUsedDirectly(in expression: PromQLExpression) -> Bool {
        switch expression {
        case .number(let literal): isNewer(literal.text)
        case .string, .unary, .parentheses: false
        case .selector(let selector): isNewer(selector)
        case .range(let range): isNewer(range.selector) || isNewer(range.duration) || isNewer(range.modifiers)
        case .subquery(let subquery):
            isNewer(subquery.duration) || subquery.step.map(isNewer) ?? false || isNewer(subquery.modifiers)
        case .call(let call): functions.contains(call.function)
        case .aggregation(let aggregation):
            aggregation.aggregator == .limitk || aggregation.aggregator == .limitRatio
                || labels(of: aggregation.grouping).contains(where: isNewer)
        case .binary(let operation):
            operation.binaryOperator == .trimLower || operation.binaryOperator == .trimUpper
                || isNewer(operation.matching)
        }
    }

    private static func labels(of grouping: Aggregation.Grouping?) -> [GroupingLabel] {
        switch grouping {
        case .by(let labels), .without(let labels): labels
        case nil: []
        }
    }

    private static func isNewer(_ matching: VectorMatching) -> Bool {
        var labels: [GroupingLabel] = []
        switch matching.labels {
        case .on(let names), .ignoring(let names): labels += names
        case nil: break
        }
        switch matching.many {
        case .left(let names), .right(let names): labels += names ?? []
        case nil: break
        }
        return !matching.fills.isEmpty || labels.contains(where: isNewer)
    }

    private static func isNewer(_ label: GroupingLabel) -> Bool {
        !label.text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    }

    private static func isNewer(_ number: String) -> Bool {
        number.contains("_") || NumberScanner.value(of: number) == nil
    }

    private static func isNewer(_ selector: VectorSelector) -> Bool {
        let isQuoted = (selector.matchers ?? []).contains { matcher in
            switch matcher {
            case .label(let label): isNewer(label.label)
            case .name, .placeholder: true
            }
        }
        return isQuoted || isNewer(selector.modifiers)
    }

    private static func isNewer(_ modifiers: TimeModifiers) -> Bool {
        modifiers.list.contains { modifier in
            switch modifier {
            case .offset(let duration): duration.milliseconds == 0 || isNewer(duration)
            case .at(let time): isNewer(String(time.drop { "+- \t\n\r".contains($0) }))
            case .atStart, .atEnd: false
            case .anchored, .smoothed: true
            }
        }
    }

    private static func isNewer(_ duration: DurationExpression) -> Bool {
        switch duration {
        case .literal(let text): NumberScanner.milliseconds(ofDuration: text) == nil
        case .negated(let inner): isNewer(inner)
        case .placeholder, .binary, .call, .parentheses: true
        }
    }
}
