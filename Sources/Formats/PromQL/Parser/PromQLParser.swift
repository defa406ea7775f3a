/// Reads PromQL as Prometheus 2.42 does, and what newer versions added to it.
///
/// Recursive descent, with the precedence of `promql/parser/generated_parser.y`. Types are checked where expressions are
/// put together, so that the first thing that is wrong is what is reported.
package struct PromQLParser {
    /// Levels of an expression inside each other.
    package static let maximumDepth = 100
    /// The same with operators one after another, as in `a + a + …`.
    package static let maximumHeight = 200
    package static let maximumBytes = 64 * 1024

    let bytes: [UInt8]
    let isTemplate: Bool
    private let tokens: [Token]
    private var index = 0
    var depth = 0
    /// The end of the last token that was taken.
    private(set) var end = 0
    /// In the second argument of `info`, whose matchers may be empty.
    var allowsEmptySelector = false

    /// Reads a whole query.
    package static func parse(_ text: String) throws(PromQLError) -> PromQLExpression {
        try parse(text, isTemplate: false)
    }

    /// Reads a query with `${name}` placeholders: matchers inside `{…}`, durations, and parts of strings. `$$` is a `$`.
    package static func parse(template text: String) throws(PromQLError) -> PromQLExpression {
        try parse(text, isTemplate: true)
    }

    private static func parse(_ text: String, isTemplate: Bool) throws(PromQLError) -> PromQLExpression {
        let bytes = Array(text.utf8)
        do throws(SyntaxProblem) {
            guard bytes.count <= maximumBytes else {
                throw SyntaxProblem("the query has \(bytes.count) bytes; at most \(maximumBytes) are accepted", at: 0)
            }
            var parser = PromQLParser(bytes, isTemplate: isTemplate)
            return try parser.query()
        } catch {
            throw PromQLError(error.problem, at: SourcePlace(of: error.offset, in: bytes))
        }
    }

    private init(_ bytes: [UInt8], isTemplate: Bool) {
        self.bytes = bytes
        self.isTemplate = isTemplate
        var lexer = Lexer(bytes, isTemplate: isTemplate)
        tokens = lexer.read()
    }

    private mutating func query() throws(SyntaxProblem) -> PromQLExpression {
        if next.kind == .end { throw SyntaxProblem("the query is empty: a PromQL expression is accepted", at: 0) }
        let expression = try self.expression()
        guard next.kind == .end else { throw unexpected("after the end of the expression") }
        return expression
    }

    // MARK: Tokens

    /// The token that comes next; the end stays.
    var next: Token { tokens[index] }
    var tokenAfterNext: Token { tokens[min(index + 1, tokens.count - 1)] }

    mutating func advance() -> Token {
        let token = tokens[index]
        if index + 1 < tokens.count {
            index += 1
            end = token.range.end
        }
        return token
    }

    mutating func advanceIf(_ kind: Token.Kind) -> Bool {
        guard next.kind == kind else { return false }
        _ = advance()
        return true
    }

    mutating func expect(_ kind: Token.Kind, _ place: String) throws(SyntaxProblem) {
        guard next.kind == kind else { throw unexpected(place) }
        _ = advance()
    }

    func text(of range: SourceRange) -> String {
        String(decoding: bytes[range.start..<range.end], as: UTF8.self)
    }

    /// The next token does not fit. What cannot be read at all says so itself.
    func unexpected(_ place: String) -> SyntaxProblem {
        switch next.kind {
        case .unreadable(let problem): SyntaxProblem(problem, at: next.range.start)
        case .end: SyntaxProblem("the query ends \(place)", at: next.range.start)
        case .placeholder(let name): SyntaxProblem("${\(name)} is not accepted \(place)", at: next.range.start)
        default:
            SyntaxProblem(
                "\"\(Lexer.shown(bytes[next.range.start..<next.range.end]))\" is not accepted \(place)",
                at: next.range.start
            )
        }
    }

    mutating func nested<Value>(
        at offset: Int,
        _ body: (inout PromQLParser) throws(SyntaxProblem) -> Value
    ) throws(SyntaxProblem) -> Value {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            throw SyntaxProblem("the expression has more than \(Self.maximumDepth) levels", at: offset)
        }
        return try body(&self)
    }

    // MARK: Operators

    mutating func expression() throws(SyntaxProblem) -> PromQLExpression {
        try binary(above: 0)
    }

    /// An expression of operators that bind tighter than so.
    mutating func binary(above precedence: Int) throws(SyntaxProblem) -> PromQLExpression {
        try nested(at: next.range.start) { (parser: inout PromQLParser) throws(SyntaxProblem) in
            try parser.operations(above: precedence)
        }
    }

    private mutating func operations(above precedence: Int) throws(SyntaxProblem) -> PromQLExpression {
        var left = try unary()
        var height = 0
        while let binaryOperator = nextOperator, binaryOperator.precedence > precedence {
            height += 1
            guard depth + height <= Self.maximumHeight else {
                throw SyntaxProblem("the expression has more than \(Self.maximumHeight) levels", at: next.range.start)
            }
            let place = advance().range
            var operation = BinaryOperation(
                left: left,
                binaryOperator: binaryOperator,
                returnsBool: advanceIf(.keyword(.bool)),
                matching: try matching(),
                right: left
            )
            // Only ^ is right-associative.
            let right = binaryOperator.precedence - (binaryOperator == .power ? 1 : 0)
            operation.right = try binary(above: right)
            try check(operation, at: place)
            left = .binary(operation)
        }
        return left
    }

    private var nextOperator: BinaryOperator? {
        switch next.kind {
        case .binary(let binaryOperator): binaryOperator
        case .keyword(let keyword): keyword.binary
        default: nil
        }
    }

    private mutating func unary() throws(SyntaxProblem) -> PromQLExpression {
        guard case .binary(let sign) = next.kind, sign == .add || sign == .subtract else { return try postfix() }
        let start = advance().range
        let operand = try binary(above: BinaryOperator.unaryPrecedence)
        guard operand.type == .scalar || operand.type == .vector else {
            throw SyntaxProblem(
                "a sign is accepted before a scalar or an instant vector, not before \(operand.type.described)",
                at: start.start
            )
        }
        return .unary(
            UnaryOperation(isNegative: sign == .subtract, operand: operand, range: start.through(operand.range))
        )
    }
}
