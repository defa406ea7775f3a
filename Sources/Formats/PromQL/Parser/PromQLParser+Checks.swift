/// What the grammar alone does not say: types, and rules about selectors.
extension PromQLParser {
    func check(_ expression: PromQLExpression, is type: PromQLType, as role: String) throws(SyntaxProblem) {
        guard expression.type != type else { return }
        let example = type == .matrix ? ", as in x[5m]" : ""
        throw SyntaxProblem(
            "\(role) must be \(type.described)\(example), not \(expression.type.described)",
            at: expression.range.start
        )
    }

    func check(_ call: FunctionCall, of function: PromQLFunction) throws(SyntaxProblem) {
        let (count, accepted) = (call.arguments.count, function.accepted)
        guard accepted.contains(count) else {
            let number =
                accepted.lowerBound == accepted.upperBound
                ? "\(accepted.lowerBound)"
                : accepted.upperBound == Int.max
                    ? "\(accepted.lowerBound) or more" : "\(accepted.lowerBound) to \(accepted.upperBound)"
            let are = number == "1" ? "is" : "are"
            throw SyntaxProblem(
                "\(call.function)() has \(count) argument\(count == 1 ? "" : "s"): \(number) \(are) accepted",
                at: call.range.start
            )
        }
        for (index, argument) in call.arguments.enumerated() {
            let place = function.accepted.upperBound == 1 ? "the argument" : "argument \(index + 1)"
            try check(argument, is: function.type(ofArgument: index), as: "\(place) of \(call.function)()")
        }
        guard call.function == "info", let second = call.arguments.dropFirst().first else { return }
        guard case .selector(let selector) = second, selector.name == nil else {
            throw SyntaxProblem(
                "argument 2 of info() must be matchers alone, as in {env=\"a\"}",
                at: second.range.start
            )
        }
    }

    func check(_ operation: BinaryOperation, at place: SourceRange) throws(SyntaxProblem) {
        let symbol = operation.binaryOperator.rawValue
        for side in [operation.left, operation.right] where side.type != .scalar && side.type != .vector {
            throw SyntaxProblem(
                "each side of \(symbol) must be a scalar or an instant vector, not \(side.type.described)",
                at: side.range.start
            )
        }
        let areVectors = operation.left.type == .vector && operation.right.type == .vector
        let areScalars = operation.left.type == .scalar && operation.right.type == .scalar
        if operation.returnsBool, !operation.binaryOperator.isComparison {
            throw SyntaxProblem("bool is accepted after a comparison only, not after \(symbol)", at: place.start)
        }
        if operation.binaryOperator.isComparison, !operation.returnsBool, areScalars {
            throw SyntaxProblem("a comparison of two scalars needs bool: \(symbol) bool", at: place.start)
        }
        if operation.binaryOperator.isSetOperator, !areVectors {
            throw SyntaxProblem(
                "each side of \(symbol) must be an instant vector, not a scalar: write vector(…)",
                at: (operation.left.type == .vector ? operation.right : operation.left).range.start
            )
        }
        try check(operation.matching, of: operation, areVectors: areVectors, at: place)
    }

    private func check(
        _ matching: VectorMatching,
        of operation: BinaryOperation,
        areVectors: Bool,
        at place: SourceRange
    ) throws(SyntaxProblem) {
        let symbol = operation.binaryOperator.rawValue
        var names: [String] = []
        switch matching.labels {
        case .on(let labels), .ignoring(let labels): names = labels.map(\.name)
        case nil: break
        }
        if !areVectors, !names.isEmpty || !matching.fills.isEmpty {
            throw SyntaxProblem("on, ignoring and fill are accepted between two instant vectors only", at: place.start)
        }
        if operation.binaryOperator.isSetOperator, areVectors, matching.many != nil || !matching.fills.isEmpty {
            throw SyntaxProblem("no group_left, group_right or fill is accepted after \(symbol)", at: place.start)
        }
        guard case .on = matching.labels else { return }
        switch matching.many {
        case .left(let included?), .right(let included?):
            if let both = included.first(where: { names.contains($0.name) }) {
                throw SyntaxProblem(
                    "\(both.name) is in on (…) and in the list after it: one is accepted",
                    at: both.range.start
                )
            }
        case .left(nil), .right(nil), nil: break
        }
    }

    // MARK: Selectors

    func check(_ matcher: LabelMatcher) throws(SyntaxProblem) {
        guard matcher.kind == .matches || matcher.kind == .matchesNot else { return }
        do throws(RegularExpressionProblem) {
            _ = try RegularExpressionSyntax.acceptsEmpty(elements(of: matcher.value))
        } catch {
            throw SyntaxProblem(
                "\(matcher.value.text.prefix(60)) is not a regular expression: \(error.problem)",
                at: matcher.value.range.start
            )
        }
    }

    /// A selector must name a metric, or hold a matcher that something without the label does not match.
    func check(_ selector: VectorSelector) throws(SyntaxProblem) {
        let matchers = selector.matchers ?? []
        if selector.name != nil {
            for case .name(let literal) in matchers {
                throw SyntaxProblem("the metric's name is given twice", at: literal.range.start)
            }
            for case .label(let matcher) in matchers where matcher.name == "__name__" {
                throw SyntaxProblem("the metric's name is given twice", at: matcher.label.range.start)
            }
            return
        }
        guard !allowsEmptySelector, !matchers.contains(where: selects) else { return }
        throw SyntaxProblem(
            "the selector would select everything: a metric's name, or a matcher that a missing label does not match, "
                + "is needed",
            at: selector.range.start
        )
    }

    private func selects(_ matcher: SelectorMatcher) -> Bool {
        switch matcher {
        case .placeholder, .name: true
        case .label(let label):
            switch label.kind {
            case .equal: !acceptsEmptyText(label.value)
            case .notEqual: acceptsEmptyText(label.value)
            // What is no regular expression was refused before.
            case .matches: (try? RegularExpressionSyntax.acceptsEmpty(elements(of: label.value))) == false
            case .matchesNot: (try? RegularExpressionSyntax.acceptsEmpty(elements(of: label.value))) == true
            }
        }
    }

    private func acceptsEmptyText(_ literal: StringLiteral) -> Bool { elements(of: literal).isEmpty }

    private func elements(of literal: StringLiteral) -> [StringScanner.Element] {
        // It was read before.
        (try? StringScanner(bytes, from: literal.range.start, isTemplate: isTemplate).read().elements) ?? []
    }
}
