/// Reads a condition by recursive descent.
///
///     condition  = conjunction *( ("or" | "||") conjunction )
///     conjunction = comparison *( ("and" | "&&") comparison )
///     comparison = sum [ ("<=" | ">=" | "<" | ">" | "==" | "!=") sum ]
///     sum        = product *( ("+" | "-") product )
///     product    = unary *( ("*" | "/") unary )
///     unary      = *"-" primary
///     primary    = number ["%"] | side | aggregate "(" side ")" | function "(" sum *( "," sum ) ")" | "(" condition ")"
///
/// A parenthesis may hold a number or a comparison: only its content tells. So every rule returns either kind, and each
/// sign checks that it got the kind it joins.
struct ConditionParser {
    static let longest = 1_024
    private static let deepest = 32

    private let text: [UInt8]
    private let tokens: [ConditionToken]
    private var position = 0
    private var depth = 0
    private(set) var comparisons: [ConditionComparison] = []

    private enum Node {
        case number(ConditionExpression)
        case truth(ConditionPredicate)
    }

    private static let operandWords = ["a number", "canary", "control", "p95(canary)", "max(…, …)", "-", "("]
    private static let comparisonSigns = ConditionComparison.Sign.allCases.map(\.rawValue)
    private static let arithmeticSigns = ConditionExpression.ArithmeticSign.allCases.map(\.rawValue)

    static func parse(_ text: String) throws(ConditionError) -> (ConditionPredicate, [ConditionComparison]) {
        guard text.utf8.count <= longest else {
            throw ConditionError(column: longest + 1, problem: "a condition has at most \(longest) bytes")
        }
        var parser = try ConditionParser(Array(text.utf8))
        let predicate = try parser.whole()
        return (predicate, parser.comparisons)
    }

    private init(_ text: [UInt8]) throws(ConditionError) {
        self.text = text
        tokens = try ConditionLexer.tokens(of: text)
    }

    private mutating func whole() throws(ConditionError) -> ConditionPredicate {
        let node = try disjunction()
        guard case .truth(let predicate) = node else {
            throw unexpected(accepted: Self.comparisonSigns + Self.arithmeticSigns)
        }
        guard current.kind == .end else { throw unexpected(accepted: ["and", "or", "the end of the text"]) }
        return predicate
    }

    private mutating func disjunction() throws(ConditionError) -> Node {
        let first = try conjunction()
        guard isOr else { return first }
        var parts = [try truth(first)]
        while isOr {
            position += 1
            let next = try conjunction()
            parts.append(try truth(next))
        }
        return .truth(.any(parts))
    }

    private mutating func conjunction() throws(ConditionError) -> Node {
        let first = try comparison()
        guard isAnd else { return first }
        var parts = [try truth(first)]
        while isAnd {
            position += 1
            let next = try comparison()
            parts.append(try truth(next))
        }
        return .truth(.all(parts))
    }

    private mutating func comparison() throws(ConditionError) -> Node {
        let start = current.range.lowerBound
        let first = try sum()
        guard case .sign(let word) = current.kind, let sign = ConditionComparison.Sign(rawValue: word) else {
            return first
        }
        let left = ConditionComparison.Operand(text: source(from: start), expression: try number(first, from: start))
        position += 1
        let rightStart = current.range.lowerBound
        let second = try sum()
        let right = ConditionComparison.Operand(
            text: source(from: rightStart),
            expression: try number(second, from: rightStart)
        )
        if case .sign(let next) = current.kind, Self.comparisonSigns.contains(next) {
            throw unexpected(accepted: ["and", "or", "the end of the text"])
        }
        comparisons.append(
            ConditionComparison(text: source(from: start), left: left, sign: sign, right: right)
        )
        return .truth(.comparison(comparisons.count - 1))
    }

    private mutating func sum() throws(ConditionError) -> Node {
        let start = current.range.lowerBound
        var node = try product()
        while let sign = arithmeticSign(of: [.plus, .minus]) {
            let left = try number(node, from: start)
            position += 1
            let rightStart = current.range.lowerBound
            let right = try product()
            node = .number(.arithmetic(sign, left, try number(right, from: rightStart)))
        }
        return node
    }

    private mutating func product() throws(ConditionError) -> Node {
        let start = current.range.lowerBound
        var node = try unary()
        while let sign = arithmeticSign(of: [.times, .over]) {
            let left = try number(node, from: start)
            position += 1
            let rightStart = current.range.lowerBound
            let right = try unary()
            node = .number(.arithmetic(sign, left, try number(right, from: rightStart)))
        }
        return node
    }

    private mutating func unary() throws(ConditionError) -> Node {
        guard current.kind == .sign("-") else { return try primary() }
        try descend()
        position += 1
        let start = current.range.lowerBound
        let operand = try unary()
        depth -= 1
        return .number(.negated(try number(operand, from: start)))
    }

    private mutating func primary() throws(ConditionError) -> Node {
        switch current.kind {
        case .number(let value):
            position += 1
            return .number(.number(value))
        case .word(let word):
            if let side = ConditionSide(word: word) {
                position += 1
                return .number(.aggregate(.mean, side))
            }
            return .number(try call(of: word))
        case .sign("("):
            try descend()
            position += 1
            let node = try disjunction()
            try expect(")", or: Self.arithmeticSigns)
            depth -= 1
            return node
        case .sign, .end:
            throw unexpected(accepted: Self.operandWords)
        }
    }

    /// An aggregate of a side, or a function of numbers; `min` and `max` are both, and the argument tells.
    private mutating func call(of word: String) throws(ConditionError) -> ConditionExpression {
        let aggregate = ConditionAggregate(word: word)
        let function = ConditionExpression.ScalarFunction(rawValue: word)
        guard aggregate != nil || function != nil else {
            throw ConditionError(
                column: current.range.lowerBound + 1,
                problem: "'\(word)' is not known",
                accepted: ["canary", "experiment", "control", "baseline", "abs"] + ConditionAggregate.words
            )
        }
        try descend()
        position += 1
        try expect("(")
        if let aggregate, case .word(let name) = current.kind, let side = ConditionSide(word: name),
            function == nil || tokens[min(position + 1, tokens.count - 1)].kind == .sign(")")
        {
            position += 1
            try expect(")")
            depth -= 1
            return .aggregate(aggregate, side)
        }
        guard let function else {
            throw unexpected(accepted: ["canary", "experiment", "control", "baseline"])
        }
        var operands: [ConditionExpression] = []
        while operands.count < function.arguments {
            if !operands.isEmpty { try expect(",", or: Self.arithmeticSigns) }
            let start = current.range.lowerBound
            let operand = try sum()
            operands.append(try number(operand, from: start))
        }
        try expect(")", or: Self.arithmeticSigns)
        depth -= 1
        return .function(function, operands)
    }

    private var current: ConditionToken { tokens[min(position, tokens.count - 1)] }

    private var isOr: Bool { current.kind == .word("or") || current.kind == .sign("||") }

    private var isAnd: Bool { current.kind == .word("and") || current.kind == .sign("&&") }

    private func arithmeticSign(
        of signs: [ConditionExpression.ArithmeticSign]
    ) -> ConditionExpression.ArithmeticSign? {
        guard case .sign(let word) = current.kind else { return nil }
        return signs.first { $0.rawValue == word }
    }

    private mutating func expect(_ sign: String, or others: [String] = []) throws(ConditionError) {
        guard current.kind == .sign(sign) else { throw unexpected(accepted: [sign] + others) }
        position += 1
    }

    private mutating func descend() throws(ConditionError) {
        depth += 1
        guard depth <= Self.deepest else {
            throw ConditionError(
                column: current.range.lowerBound + 1,
                problem: "a condition nests at most \(Self.deepest) deep"
            )
        }
    }

    private func number(_ node: Node, from start: Int) throws(ConditionError) -> ConditionExpression {
        if case .number(let expression) = node { return expression }
        throw ConditionError(
            column: start + 1,
            problem: "a comparison stands where a number is needed",
            accepted: Self.operandWords
        )
    }

    private func truth(_ node: Node) throws(ConditionError) -> ConditionPredicate {
        if case .truth(let predicate) = node { return predicate }
        throw unexpected(accepted: Self.comparisonSigns + Self.arithmeticSigns)
    }

    private func unexpected(accepted: [String]) -> ConditionError {
        ConditionError(
            column: current.range.lowerBound + 1,
            problem: current.described(in: text),
            accepted: accepted
        )
    }

    /// The text from an offset to the end of the last token read.
    private func source(from start: Int) -> String {
        let end = position > 0 ? tokens[min(position, tokens.count) - 1].range.upperBound : start
        return String(decoding: text[min(start, end)..<end], as: UTF8.self)
    }
}
