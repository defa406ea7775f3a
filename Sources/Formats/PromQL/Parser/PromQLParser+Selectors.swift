/// Selectors, and what may follow an expression: ranges, subqueries, `offset` and `@`.
extension PromQLParser {
    mutating func selector() throws(SyntaxProblem) -> VectorSelector {
        let start = next.range.start
        var selector = VectorSelector(name: nil, matchers: nil, range: next.range)
        if next.kind != .leftBrace { selector.name = text(of: advance().range) }
        if next.kind == .leftBrace { selector.matchers = try matchers() }
        selector.range = SourceRange(start: start, end: end)
        try check(selector)
        return selector
    }

    private mutating func matchers() throws(SyntaxProblem) -> [SelectorMatcher] {
        _ = advance()
        var matchers: [SelectorMatcher] = []
        while next.kind != .rightBrace {
            if !matchers.isEmpty {
                try expect(.comma, "after a matcher, where a comma or } is accepted")
                if next.kind == .rightBrace { break }
            }
            matchers.append(try matcher())
        }
        _ = advance()
        return matchers
    }

    private mutating func matcher() throws(SyntaxProblem) -> SelectorMatcher {
        let token = next
        switch token.kind {
        case .placeholder(let name):
            _ = advance()
            return .placeholder(name, token.range)
        case .identifier:
            _ = advance()
            let name = text(of: token.range)
            return .label(try matcher(of: GroupingLabel(text: name, name: name, range: token.range)))
        case .string:
            let literal = try string()
            guard let name = literal.value, !name.isEmpty else {
                throw SyntaxProblem("a name is accepted here", at: literal.range.start)
            }
            guard next.kind != .comma, next.kind != .rightBrace else { return .name(literal) }
            return .label(try matcher(of: GroupingLabel(text: literal.text, name: name, range: literal.range)))
        default: throw unexpected("inside {…}, where a label's name is accepted")
        }
    }

    private mutating func matcher(of label: GroupingLabel) throws(SyntaxProblem) -> LabelMatcher {
        let kind: LabelMatcher.Kind
        switch next.kind {
        case .equal: kind = .equal
        case .matches: kind = .matches
        case .matchesNot: kind = .matchesNot
        case .binary(.notEqual): kind = .notEqual
        default: throw unexpected("after a label's name, where =, !=, =~ or !~ is accepted")
        }
        _ = advance()
        guard next.kind == .string else {
            throw unexpected("after \(kind.rawValue), where a string in quotes is accepted")
        }
        let matcher = LabelMatcher(label: label, kind: kind, value: try string())
        try check(matcher)
        return matcher
    }

    // MARK: After an expression

    mutating func postfix() throws(SyntaxProblem) -> PromQLExpression {
        var expression = try operand()
        var height = 0
        while true {
            height += 1
            guard depth + height <= Self.maximumHeight else {
                throw SyntaxProblem("the expression has more than \(Self.maximumHeight) levels", at: next.range.start)
            }
            switch next.kind {
            case .leftBracket: expression = try brackets(after: expression)
            case .keyword(.offset), .at, .keyword(.anchored), .keyword(.smoothed):
                let place = next.range.start
                let modifier = try modifier()
                expression = try apply(modifier, to: expression, at: place)
            default: return expression
            }
        }
    }

    private mutating func brackets(after expression: PromQLExpression) throws(SyntaxProblem) -> PromQLExpression {
        let start = advance().range.start
        let duration = try durationExpression(isPositive: true)
        if advanceIf(.rightBracket) {
            guard case .selector(let selector) = expression else {
                throw SyntaxProblem(
                    "a range such as [5m] is accepted after a selector only; a subquery such as [5m:1m] after any "
                        + "instant vector",
                    at: start
                )
            }
            guard selector.modifiers.list.isEmpty else {
                throw SyntaxProblem("offset and @ are accepted after the range, not before it", at: start)
            }
            return .range(
                RangeSelector(
                    selector: selector,
                    duration: duration,
                    range: selector.range.through(SourceRange(start: start, end: end))
                )
            )
        }
        try expect(.colon, "in […], where ] or : is accepted")
        var step: DurationExpression?
        if next.kind != .rightBracket { step = try durationExpression(isPositive: true) }
        try expect(.rightBracket, "in […], where ] is accepted")
        guard expression.type == .vector else {
            throw SyntaxProblem(
                "a subquery is accepted after an instant vector only, not after \(expression.type.described)",
                at: start
            )
        }
        return .subquery(
            Subquery(
                expression: expression,
                duration: duration,
                step: step,
                range: SourceRange(start: expression.range.start, end: end)
            )
        )
    }

    private mutating func modifier() throws(SyntaxProblem) -> TimeModifiers.Modifier {
        switch advance().kind {
        case .keyword(.anchored): return .anchored
        case .keyword(.smoothed): return .smoothed
        case .keyword(.offset): return .offset(try offsetDuration())
        default: break
        }
        switch next.kind {
        case .keyword(let keyword) where keyword == .start || keyword == .end:
            _ = advance()
            try expect(.leftParenthesis, "after @ \(keyword.rawValue), where () is accepted")
            try expect(.rightParenthesis, "after @ \(keyword.rawValue), where () is accepted")
            return keyword == .start ? .atStart : .atEnd
        default:
            let start = next.range.start
            if case .binary(let sign) = next.kind, sign == .add || sign == .subtract { _ = advance() }
            let value = try number().value
            guard let value, value.magnitude < 9.2e18 else {
                throw SyntaxProblem("the time after @ is out of bounds", at: start)
            }
            return .at(text(of: SourceRange(start: start, end: end)))
        }
    }

    private func apply(
        _ modifier: TimeModifiers.Modifier,
        to expression: PromQLExpression,
        at place: Int
    ) throws(SyntaxProblem) -> PromQLExpression {
        switch expression {
        case .selector(var selector):
            try selector.modifiers.add(modifier, at: place)
            selector.range.end = end
            return .selector(selector)
        case .range(var range):
            try range.modifiers.add(modifier, at: place)
            range.range.end = end
            return .range(range)
        case .subquery(var subquery) where modifier != .anchored && modifier != .smoothed:
            try subquery.modifiers.add(modifier, at: place)
            subquery.range.end = end
            return .subquery(subquery)
        default:
            throw SyntaxProblem(
                "offset and @ are accepted after a selector, a range or a subquery only, as in x[5m] offset 1h",
                at: place
            )
        }
    }
}

extension TimeModifiers {
    /// Each at most once, in any order.
    fileprivate mutating func add(_ modifier: Modifier, at place: Int) throws(SyntaxProblem) {
        let kinds = list.map(\.kind)
        guard !kinds.contains(modifier.kind) else {
            throw SyntaxProblem("\(modifier.kind) is given twice: once is accepted", at: place)
        }
        list.append(modifier)
    }
}

extension TimeModifiers.Modifier {
    fileprivate var kind: String {
        switch self {
        case .offset: "offset"
        case .at, .atStart, .atEnd: "@"
        case .anchored, .smoothed: "anchored or smoothed"
        }
    }
}
