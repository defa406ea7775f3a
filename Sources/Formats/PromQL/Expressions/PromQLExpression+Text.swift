/// An expression as text, from which the same expression is read again.
extension PromQLExpression: CustomStringConvertible {
    package var description: String { text }

    package var text: String {
        switch self {
        case .number(let literal): literal.text
        case .string(let literal): literal.text
        case .selector(let selector): selector.text
        case .range(let range):
            range.selector.text + "[\(range.duration.text)]" + range.modifiers.text
        case .subquery(let subquery):
            subquery.expression.text + "[\(subquery.duration.text):\(subquery.step?.text ?? "")]"
                + subquery.modifiers.text
        case .call(let call): call.function + "(" + call.arguments.map(\.text).joined(separator: ", ") + ")"
        case .aggregation(let aggregation): aggregation.text
        case .binary(let operation): operation.text
        case .unary(let operation): (operation.isNegative ? "-" : "+") + operation.operand.text
        case .parentheses(let inner, _): "(" + inner.text + ")"
        }
    }
}

extension VectorSelector {
    fileprivate var text: String {
        (name ?? "") + (matchers.map { "{" + $0.map(\.text).joined(separator: ", ") + "}" } ?? "") + modifiers.text
    }
}

extension SelectorMatcher {
    fileprivate var text: String {
        switch self {
        case .label(let matcher): matcher.label.text + matcher.kind.rawValue + matcher.value.text
        case .name(let literal): literal.text
        case .placeholder(let name, _): "${\(name)}"
        }
    }
}

extension TimeModifiers {
    fileprivate var text: String {
        list.map { modifier in
            switch modifier {
            case .offset(let duration): " offset \(duration.text)"
            case .at(let time): " @ \(time)"
            case .atStart: " @ start()"
            case .atEnd: " @ end()"
            case .anchored: " anchored"
            case .smoothed: " smoothed"
            }
        }.joined()
    }
}

extension DurationExpression {
    /// As it may be written.
    package var text: String {
        switch self {
        case .literal(let text): text
        case .placeholder(let name): "${\(name)}"
        case .negated(let inner): "-" + inner.text
        case .binary(let left, let binaryOperator, let right):
            "\(left.text) \(binaryOperator.rawValue) \(right.text)"
        case .call(let name, let arguments): name + "(" + arguments.map(\.text).joined(separator: ", ") + ")"
        case .parentheses(let inner): "(" + inner.text + ")"
        }
    }
}

extension [GroupingLabel] {
    fileprivate var list: String { "(" + map(\.text).joined(separator: ", ") + ")" }
}

extension Aggregation {
    fileprivate var text: String {
        let grouping =
            switch grouping {
            case .by(let labels): " by \(labels.list) "
            case .without(let labels): " without \(labels.list) "
            case nil: ""
            }
        let parameter = parameter.map { $0.text + ", " } ?? ""
        return aggregator.rawValue + grouping + "(" + parameter + expression.text + ")"
    }
}

extension BinaryOperation {
    fileprivate var text: String {
        var words = [binaryOperator.rawValue]
        if returnsBool { words.append("bool") }
        switch matching.labels {
        case .on(let labels): words.append("on \(labels.list)")
        case .ignoring(let labels): words.append("ignoring \(labels.list)")
        case nil: break
        }
        switch matching.many {
        case .left(let labels): words.append("group_left" + (labels.map { " \($0.list)" } ?? ""))
        case .right(let labels): words.append("group_right" + (labels.map { " \($0.list)" } ?? ""))
        case nil: break
        }
        words += matching.fills.map { "\($0.side.rawValue)(\($0.value))" }
        return left.text + " " + words.joined(separator: " ") + " " + right.text
    }
}
