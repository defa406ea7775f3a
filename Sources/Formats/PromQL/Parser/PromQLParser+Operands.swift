/// Numbers, strings, calls, aggregations, and what stands in parentheses.
extension PromQLParser {
    mutating func operand() throws(SyntaxProblem) -> PromQLExpression {
        let token = next
        switch token.kind {
        case .number, .duration: return .number(try number())
        case .placeholder:
            // A duration, which Prometheus 3 takes for seconds.
            _ = advance()
            return .number(NumberLiteral(text: text(of: token.range), range: token.range))
        case .string: return .string(try string())
        case .leftParenthesis: return try parentheses()
        case .leftBrace, .metricIdentifier: return .selector(try selector())
        case .identifier:
            if tokenAfterNext.kind == .leftParenthesis { return try call() }
            return .selector(try selector())
        case .keyword(let keyword): return try operand(beginningWith: keyword)
        default: throw unexpected("where an expression is accepted")
        }
    }

    private mutating func operand(beginningWith keyword: Keyword) throws(SyntaxProblem) -> PromQLExpression {
        let following = tokenAfterNext.kind
        if let aggregator = keyword.aggregation,
            [.leftParenthesis, .keyword(.by), .keyword(.without)].contains(following)
        {
            return try aggregation(aggregator)
        }
        if keyword.mayNameFunction, following == .leftParenthesis { return try call() }
        guard keyword.mayNameMetric else { throw unexpected("where an expression is accepted") }
        return .selector(try selector())
    }

    /// The text of a number or a duration.
    mutating func number() throws(SyntaxProblem) -> NumberLiteral {
        let token = next
        let word = text(of: token.range)
        switch token.kind {
        case .number:
            guard NumberScanner.value(of: word) != nil else {
                throw SyntaxProblem("\(word.prefix(40)) is not a number", at: token.range.start)
            }
        case .duration: try checkDuration(token)
        default: throw unexpected("where a number is accepted")
        }
        _ = advance()
        return NumberLiteral(text: word, range: token.range)
    }

    func checkDuration(_ token: Token) throws(SyntaxProblem) {
        let word = text(of: token.range)
        guard NumberScanner.milliseconds(ofDuration: word) != nil else {
            throw SyntaxProblem(
                "\(word.prefix(40)) is not a time: whole numbers with the units y, w, d, h, m, s and ms, each once and "
                    + "from large to small, are accepted, as in 1h30m",
                at: token.range.start
            )
        }
    }

    mutating func string() throws(SyntaxProblem) -> StringLiteral {
        let range = advance().range
        let elements = try StringScanner(bytes, from: range.start, isTemplate: isTemplate).read().elements
        var (content, placeholders): ([UInt8], [String]) = ([], [])
        for element in elements {
            switch element {
            case .byte(let byte): content.append(byte)
            case .placeholder(let name): placeholders.append(name)
            }
        }
        return StringLiteral(
            text: text(of: range),
            value: placeholders.isEmpty ? String(validating: content, as: UTF8.self) : nil,
            placeholders: placeholders,
            range: range
        )
    }

    private mutating func parentheses() throws(SyntaxProblem) -> PromQLExpression {
        let start = advance().range
        let inner = try expression()
        try expect(.rightParenthesis, "where ) is accepted, for the ( of column \(column(of: start.start))")
        return .parentheses(inner, SourceRange(start: start.start, end: end))
    }

    func column(of offset: Int) -> Int { SourcePlace(of: offset, in: bytes).column }

    private mutating func call() throws(SyntaxProblem) -> PromQLExpression {
        let token = advance()
        let name = text(of: token.range)
        guard let function = PromQLFunction.named(name) else {
            let hint = Self.closest(to: name).map { " (did you mean \($0)?)" } ?? ""
            throw SyntaxProblem("there is no function \(name.prefix(60))\(hint)", at: token.range.start)
        }
        let arguments = try arguments(of: name, isInfo: name == "info")
        let call = FunctionCall(
            function: name,
            arguments: arguments,
            range: SourceRange(start: token.range.start, end: end)
        )
        try check(call, of: function)
        return .call(call)
    }

    /// `(a, b)`, without a comma at the end.
    private mutating func arguments(of name: String, isInfo: Bool = false) throws(SyntaxProblem) -> [PromQLExpression] {
        try expect(.leftParenthesis, "after \(name), where ( is accepted")
        var arguments: [PromQLExpression] = []
        if advanceIf(.rightParenthesis) { return [] }
        while true {
            allowsEmptySelector = isInfo && arguments.count == 1
            defer { allowsEmptySelector = false }
            arguments.append(try expression())
            if advanceIf(.rightParenthesis) { return arguments }
            try expect(.comma, "in the arguments of \(name), where a comma or ) is accepted")
        }
    }

    private mutating func aggregation(_ aggregator: AggregationOperator) throws(SyntaxProblem) -> PromQLExpression {
        let start = advance().range
        var grouping = try self.grouping()
        var arguments = try arguments(of: aggregator.rawValue)
        if grouping == nil { grouping = try self.grouping() }
        let range = SourceRange(start: start.start, end: end)
        let count = aggregator.parameter == nil ? 1 : 2
        guard arguments.count == count else {
            let accepted = count == 1 ? "one argument is" : "a parameter and one argument are"
            throw SyntaxProblem(
                "\(aggregator.rawValue) has \(arguments.count) arguments: \(accepted) accepted",
                at: start.start
            )
        }
        let expression = arguments.removeLast()
        if let parameter = arguments.first, let wanted = aggregator.parameter {
            try check(parameter, is: wanted, as: "the parameter of \(aggregator.rawValue)")
        }
        try check(expression, is: .vector, as: "the argument of \(aggregator.rawValue)")
        return .aggregation(
            Aggregation(
                aggregator: aggregator,
                grouping: grouping,
                parameter: arguments.first,
                expression: expression,
                range: range
            )
        )
    }

    private mutating func grouping() throws(SyntaxProblem) -> Aggregation.Grouping? {
        if advanceIf(.keyword(.by)) { return .by(try groupingLabels()) }
        if advanceIf(.keyword(.without)) { return .without(try groupingLabels()) }
        return nil
    }

    /// The function that is at most two slips away.
    private static func closest(to name: String) -> String? {
        let word = Array(name.lowercased().utf8.prefix(40))
        let near = PromQLFunction.names.map { (name: $0, slips: slips(from: word, to: Array($0.utf8))) }
            .min { $0.slips < $1.slips }
        guard let near, near.slips <= 2, near.slips * 2 < near.name.count else { return nil }
        return near.name
    }

    private static func slips(from word: [UInt8], to other: [UInt8]) -> Int {
        var row = Array(0...other.count)
        for (index, byte) in word.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in other.indices {
                let replaced = diagonal + (other[column] == byte ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
            }
        }
        return row[other.count]
    }
}
