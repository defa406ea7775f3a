/// Splits a template into text and variables. Knows as much PromQL as decides where a variable may stand: strings,
/// comments, the braces of selectors and the operator before a string.
struct QueryTemplateParser {
    /// The token before the cursor, blanks and comments aside.
    private enum Token {
        case openingBrace, comma, regexOperator, scope, other
    }

    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var line = 1
    private var lineStart = 0
    private var previous = Token.other
    private var isInSelector = false
    private var text = String.UnicodeScalarView()
    private var segments: [QueryTemplate.Segment] = []

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    mutating func parse() throws(QueryTemplateError) -> [QueryTemplate.Segment] {
        while let scalar = peek() {
            switch scalar {
            case " ", "\t", "\r", "\n": advance()
            case "#": while let scalar = peek(), scalar != "\n" { advance(scalar) }
            case "$": try variableOutsideString()
            case "\"", "'", "`": try string(scalar)
            default: try token(scalar)
            }
        }
        guard !isInSelector else { throw problem("A selector's \"{\" is not closed.") }
        flush()
        return segments
    }

    private mutating func token(_ scalar: Unicode.Scalar) throws(QueryTemplateError) {
        if previous == .scope, scalar != ",", scalar != "}" {
            throw problem("After ${scope} comes \",\" or \"}\".")
        }
        let isRegexOperator = (scalar == "=" || scalar == "!") && peek(1) == "~"
        switch scalar {
        case "{":
            guard !isInSelector else { throw problem("A \"{\" stands inside a selector.") }
            isInSelector = true
            previous = .openingBrace
        case "}":
            guard isInSelector else { throw problem("A \"}\" closes nothing.") }
            isInSelector = false
            previous = .other
        case ",": previous = .comma
        default: previous = isRegexOperator ? .regexOperator : .other
        }
        advance()
        if isRegexOperator { advance() }
    }

    private mutating func string(_ quote: Unicode.Scalar) throws(QueryTemplateError) {
        let start = problem("The string that starts here does not end.")
        guard previous != .scope else { throw problem("After ${scope} comes \",\" or \"}\".") }
        let isRegex = previous == .regexOperator
        advance()
        while let scalar = peek(), scalar != quote {
            switch scalar {
            case "\n" where quote != "`": throw start
            case "\\" where quote != "`":
                advance()
                guard peek() != nil, peek() != "\n" else { throw start }
                advance()
            case "$": try variableInString(quote, isRegex: isRegex)
            default: advance()
            }
        }
        guard peek() == quote else { throw start }
        advance()
        previous = .other
    }

    private mutating func variableOutsideString() throws(QueryTemplateError) {
        let position = position(quote: nil, isRegex: false)
        guard let variable = try variable() else {
            throw problem(
                "A dollar sign outside a string starts a ${variable}; \(QueryVariable.accepted).",
                at: position
            )
        }
        if previous == .scope { throw problem("After ${scope} comes \",\" or \"}\".", at: position) }
        switch variable {
        case .scope:
            guard isInSelector, previous == .openingBrace || previous == .comma else {
                throw problem("${scope} stands between the braces of a selector, after \"{\" or \",\".", at: position)
            }
            previous = .scope
        case .duration:
            guard !isInSelector else {
                throw problem("${\(variable.name)} is a duration; it cannot stand in a selector.", at: position)
            }
            previous = .other
        case .scopeLabel, .value:
            throw problem("${\(variable.name)} stands only in a quoted string.", at: position)
        }
        append(variable, position)
    }

    private mutating func variableInString(_ quote: Unicode.Scalar, isRegex: Bool) throws(QueryTemplateError) {
        let position = position(quote: quote, isRegex: isRegex)
        guard let variable = try variable() else { return }
        switch variable {
        case .scopeLabel, .value:
            guard quote != "`" else {
                let name = "${\(variable.name)}"
                throw problem("\(name) cannot stand in a `string`, which has no escapes; use \"…\".", at: position)
            }
            append(variable, position)
        case .scope, .duration:
            throw problem("${\(variable.name)} cannot stand in a string.", at: position)
        }
    }

    /// Reads the `$` at the cursor. Nil when it is only text: `$$`, or a dollar sign in a string such as a regex's end.
    private mutating func variable() throws(QueryTemplateError) -> QueryVariable? {
        let start = position(quote: nil, isRegex: false)
        guard peek(1) == "{" else {
            if peek(1) == "$" { index += 1 }
            advance()
            return nil
        }
        index += 2
        var name = String.UnicodeScalarView()
        while let scalar = peek(), !"}\"'`\n".unicodeScalars.contains(scalar), name.count < 200 {
            name.append(scalar)
            index += 1
        }
        guard peek() == "}" else { throw problem("The ${ is not closed.", at: start) }
        index += 1
        guard let variable = QueryVariable(name: String(name)) else {
            let shown = String(String(name).prefix(40))
            throw problem("There is no variable ${\(shown)}; \(QueryVariable.accepted).", at: start)
        }
        return variable
    }

    private mutating func append(_ variable: QueryVariable, _ position: QueryTemplate.Position) {
        flush()
        segments.append(.variable(variable, position))
    }

    private mutating func flush() {
        if !text.isEmpty { segments.append(.text(String(text))) }
        text = .init()
    }

    private func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
        index + ahead < scalars.count ? scalars[index + ahead] : nil
    }

    private mutating func advance() {
        guard let scalar = peek() else { return }
        advance(scalar)
    }

    private mutating func advance(_ scalar: Unicode.Scalar) {
        text.append(scalar)
        index += 1
        if scalar == "\n" {
            line += 1
            lineStart = index
        }
    }

    private func position(quote: Unicode.Scalar?, isRegex: Bool) -> QueryTemplate.Position {
        .init(line: line, column: index - lineStart + 1, quote: quote, isRegex: isRegex)
    }

    private func problem(_ message: String, at position: QueryTemplate.Position? = nil) -> QueryTemplateError {
        let position = position ?? self.position(quote: nil, isRegex: false)
        return QueryTemplateError(line: position.line, column: position.column, message: message)
    }
}
