/// Reads a query template into its segments, following PromQL's lexer as far as the place of a variable needs it.
///
/// Works on Unicode scalars, as PromQL does: a quote followed by a combining mark is still a quote.
struct TemplateReader {
    var cursor: TemplateCursor
    private(set) var segments: [QueryTemplate.Segment] = []
    private var literal = String.UnicodeScalarView()
    private var brackets: [OpenBracket] = []
    private var last = Token.start

    /// The last token that was no space and no comment.
    private enum Token: Equatable {
        case start
        case word(String)
        case regexOperator
        case matchers
        case string
        case other(Unicode.Scalar)
    }

    private struct OpenBracket {
        var scalar: Unicode.Scalar
        var place: TemplatePlace
        /// The word before a `(`, and how many commas came since.
        var function: String?
        var commas = 0

        var closing: Unicode.Scalar { scalar == "(" ? ")" : scalar == "[" ? "]" : "}" }
    }

    init(_ source: String) {
        cursor = TemplateCursor(source)
    }

    mutating func read() throws(QueryTemplateError) -> [QueryTemplate.Segment] {
        while let scalar = cursor.peek() {
            try readNext(scalar)
        }
        if let open = brackets.last {
            throw QueryTemplateError("this \(open.scalar) is never closed with \(open.closing)", at: open.place)
        }
        guard last != .start else {
            throw QueryTemplateError("the query is empty: a PromQL expression is accepted", at: TemplatePlace())
        }
        flush()
        return segments
    }

    private mutating func readNext(_ scalar: Unicode.Scalar) throws(QueryTemplateError) {
        switch scalar {
        case " ", "\t", "\n", "\r": keep(1)
        case "#": keepComment()
        case "\"", "'", "`": try readString(quote: scalar)
        case "$": try readDollar()
        case "(", "[", "{": try open(scalar)
        case ")", "]", "}": try close(scalar)
        case "=" where cursor.peek(1) == "~", "!" where cursor.peek(1) == "~":
            try follow(with: .regexOperator)
            keep(2)
        default:
            guard PromQL.isWord(scalar) else {
                try follow(with: .other(scalar))
                if scalar == ",", !brackets.isEmpty { brackets[brackets.count - 1].commas += 1 }
                return keep(1)
            }
            var length = 1
            while let next = cursor.peek(length), PromQL.isWord(next) { length += 1 }
            try follow(with: .word(cursor.text(length)))
            keep(length)
        }
    }

    /// Notes a token; after `${scope}` only the end of the matcher is accepted.
    private mutating func follow(with token: Token) throws(QueryTemplateError) {
        if last == .matchers, token != .other(","), token != .other("}") {
            throw QueryTemplateError("after ${scope} only a comma or } is accepted", at: cursor.place)
        }
        last = token
    }

    /// A comment is kept as it is: PromQL ends it at a carriage return as well as at a line feed.
    private mutating func keepComment() {
        while let scalar = cursor.peek(), scalar != "\n", scalar != "\r" { keep(1) }
    }

    // MARK: Brackets

    private mutating func open(_ scalar: Unicode.Scalar) throws(QueryTemplateError) {
        if let brace = brackets.last, brace.scalar == "{" {
            throw QueryTemplateError(
                "inside {…} of a selector no \(scalar) is accepted, only matchers",
                at: cursor.place
            )
        }
        var bracket = OpenBracket(scalar: scalar, place: cursor.place)
        if scalar == "(" {
            if case .word(let function) = last {
                bracket.function = function
            } else if let outer = brackets.last {
                // A bare pair of parentheses changes nothing for what is inside.
                (bracket.function, bracket.commas) = (outer.function, outer.commas)
            }
        }
        try follow(with: .other(scalar))
        brackets.append(bracket)
        keep(1)
    }

    private mutating func close(_ scalar: Unicode.Scalar) throws(QueryTemplateError) {
        guard let open = brackets.last else {
            throw QueryTemplateError("this \(scalar) closes nothing", at: cursor.place)
        }
        guard open.closing == scalar else {
            throw QueryTemplateError(
                "this \(scalar) does not fit the \(open.scalar) of column \(open.place.column): "
                    + "\(open.closing) is accepted",
                at: cursor.place
            )
        }
        try follow(with: .other(scalar))
        brackets.removeLast()
        keep(1)
    }

    // MARK: Dollars

    private mutating func readDollar() throws(QueryTemplateError) {
        let place = cursor.place
        switch cursor.peek(1) {
        case "$":
            try follow(with: .other("$"))
            cursor.skip(1)
            keep(1)
        case "{":
            let before = cursor.peek(-1)
            let variable = try cursor.readVariable()
            try putOutsideStrings(variable, after: before, at: place)
        default:
            try follow(with: .other("$"))
            keep(1)
        }
    }

    /// Puts a variable outside of strings; throws when it may not stand there.
    private mutating func putOutsideStrings(
        _ variable: QueryVariable,
        after before: Unicode.Scalar?,
        at place: TemplatePlace
    ) throws(QueryTemplateError) {
        let isInSelector = brackets.last?.scalar == "{"
        switch variable {
        case .matchers:
            guard isInSelector, last == .other("{") || last == .other(",") else {
                throw QueryTemplateError(
                    "${scope} is accepted only as a matcher inside {…} of a selector, as in up{${scope}} "
                        + "or up{job=\"a\",${scope}}",
                    at: place
                )
            }
            append(.matchers(place))
            last = .matchers
        case .duration(let duration):
            let isPart = [before, cursor.peek()].contains { $0.map { PromQL.isWord($0) || $0 == "$" } ?? false }
            guard !isInSelector, !isPart, last != .matchers else {
                throw QueryTemplateError(
                    "${\(variable.name)} is accepted only where a whole duration may stand, as in [${\(variable.name)}]",
                    at: place
                )
            }
            append(.duration(duration, place))
            last = .word("")
        case .label, .text:
            throw QueryTemplateError(
                "${\(variable.name)} is accepted only inside a string in double or single quotes, "
                    + "as in label=\"${\(variable.name)}\"",
                at: place
            )
        }
    }

    // MARK: Strings

    private mutating func readString(quote: Unicode.Scalar) throws(QueryTemplateError) {
        let role = roleOfString()
        try follow(with: .string)
        flush()
        var string = TemplateString(quote: quote, role: role)
        segments += try string.read(&cursor)
    }

    private func roleOfString() -> PromQL.StringRole {
        if last == .regexOperator { return .regex }
        guard let call = brackets.last, call.scalar == "(", call.function == "label_replace" else { return .text }
        // label_replace(vector, destination, replacement, source, regex)
        return call.commas == 2 ? .replacement : call.commas == 4 ? .regex : .text
    }

    // MARK: Segments

    private mutating func keep(_ count: Int) {
        for _ in 0..<count {
            guard let scalar = cursor.next() else { return }
            literal.append(scalar)
        }
    }

    private mutating func append(_ segment: QueryTemplate.Segment) {
        flush()
        segments.append(segment)
    }

    private mutating func flush() {
        guard !literal.isEmpty else { return }
        segments.append(.literal(String(literal)))
        literal = String.UnicodeScalarView()
    }
}
