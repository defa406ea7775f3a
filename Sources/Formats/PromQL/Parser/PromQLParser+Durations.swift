/// Lengths of time in `[…]` and after `offset`.
extension PromQLParser {
    /// In `[…]`.
    mutating func durationExpression(isPositive: Bool) throws(SyntaxProblem) -> DurationExpression {
        let start = next.range.start
        let duration = try durationSum(above: 0)
        if isPositive, let milliseconds = duration.milliseconds, milliseconds <= 0 {
            throw SyntaxProblem("the time in […] must be longer than 0", at: start)
        }
        return duration
    }

    /// After `offset`: one time with or without a sign; anything longer stands in parentheses.
    mutating func offsetDuration() throws(SyntaxProblem) -> DurationExpression {
        if case .binary(let sign) = next.kind, sign == .add || sign == .subtract {
            _ = advance()
            let inner = try durationOperand()
            return sign == .subtract ? .negated(inner) : inner
        }
        return try durationOperand()
    }

    private mutating func durationSum(above precedence: Int) throws(SyntaxProblem) -> DurationExpression {
        try nested(at: next.range.start) { (parser: inout PromQLParser) throws(SyntaxProblem) in
            try parser.durationOperations(above: precedence)
        }
    }

    private mutating func durationOperations(above precedence: Int) throws(SyntaxProblem) -> DurationExpression {
        var left: DurationExpression
        if case .binary(let sign) = next.kind, sign == .add || sign == .subtract {
            _ = advance()
            let inner = try durationSum(above: BinaryOperator.unaryPrecedence)
            left = sign == .subtract ? .negated(inner) : inner
        } else {
            left = try durationOperand()
        }
        var height = 0
        while case .binary(let binaryOperator) = next.kind,
            [.add, .subtract, .multiply, .divide, .modulo, .power].contains(binaryOperator),
            binaryOperator.precedence > precedence
        {
            height += 1
            guard depth + height <= Self.maximumHeight else {
                throw SyntaxProblem("the expression has more than \(Self.maximumHeight) levels", at: next.range.start)
            }
            _ = advance()
            let right = try durationSum(above: binaryOperator.precedence - (binaryOperator == .power ? 1 : 0))
            left = .binary(left, binaryOperator, right)
        }
        return left
    }

    private mutating func durationOperand() throws(SyntaxProblem) -> DurationExpression {
        let token = next
        switch token.kind {
        case .duration:
            try checkDuration(token)
            _ = advance()
            return .literal(text(of: token.range))
        case .number: return .literal(try number().text)
        case .placeholder(let name):
            _ = advance()
            return .placeholder(name)
        case .leftParenthesis:
            _ = advance()
            let inner = try durationSum(above: 0)
            try expect(.rightParenthesis, "where ) is accepted")
            return .parentheses(inner)
        case .keyword(let keyword) where keyword.mayNameFunction && keyword != .start && keyword != .end:
            return try durationCall(keyword)
        default: throw unexpected("where a time such as 5m is accepted")
        }
    }

    private mutating func durationCall(_ keyword: Keyword) throws(SyntaxProblem) -> DurationExpression {
        _ = advance()
        let name = keyword.rawValue
        try expect(.leftParenthesis, "after \(name), where ( is accepted")
        var arguments: [DurationExpression] = []
        for index in 0..<(keyword == .maxOf || keyword == .minOf ? 2 : 0) {
            if index > 0 { try expect(.comma, "in the arguments of \(name), where a comma is accepted") }
            arguments.append(try durationSum(above: 0))
        }
        try expect(.rightParenthesis, "in the arguments of \(name), where ) is accepted")
        return .call(name, arguments)
    }
}
