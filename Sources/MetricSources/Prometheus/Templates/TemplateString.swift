/// Reads one string literal of a template, with its variables.
///
/// Beside the text to keep it follows what the literal means once Prometheus has read its escapes, because that decides
/// whether a variable may stand where it does: after the `\\` of a regular expression a value would lose its first
/// escape, and after the `$` of a replacement it would become the name of a group.
struct TemplateString {
    let quote: Unicode.Scalar
    let role: PromQL.StringRole
    private var literal = String.UnicodeScalarView()
    private var segments: [QueryTemplate.Segment] = []
    private var meaning: [Element] = []

    /// What a string means: its scalars (nil for a byte that is none), and its variables.
    enum Element {
        case scalar(Unicode.Scalar?)
        case variable(QueryVariable, TemplatePlace)
    }

    init(quote: Unicode.Scalar, role: PromQL.StringRole) {
        self.quote = quote
        self.role = role
    }

    /// Reads from the opening to the closing quote, both of which are kept.
    mutating func read(_ cursor: inout TemplateCursor) throws(QueryTemplateError) -> [QueryTemplate.Segment] {
        let start = cursor.place
        keep(1, &cursor)
        while let scalar = cursor.peek() {
            switch scalar {
            case quote:
                keep(1, &cursor)
                try checkVariables()
                segments.append(.literal(String(literal)))
                return segments
            case "\n" where quote != "`":
                throw unterminated(start)
            case "\\" where quote != "`":
                try keepEscape(&cursor)
            case "$" where cursor.peek(1) == "{":
                try readVariable(&cursor)
            case "$" where cursor.peek(1) == "$":
                cursor.skip(1)
                fallthrough
            default:
                meaning.append(.scalar(scalar))
                keep(1, &cursor)
            }
        }
        throw unterminated(start)
    }

    private func unterminated(_ start: TemplatePlace) -> QueryTemplateError {
        let end = quote == "`" ? "" : " on the same line"
        return QueryTemplateError("this string is never closed: \(quote) is accepted\(end)", at: start)
    }

    private mutating func readVariable(_ cursor: inout TemplateCursor) throws(QueryTemplateError) {
        let place = cursor.place
        let variable = try cursor.readVariable()
        switch variable {
        case .matchers:
            throw QueryTemplateError(
                "${scope} is not accepted inside a string, only as a matcher inside {…} of a selector, as in up{${scope}}",
                at: place
            )
        case .duration:
            throw QueryTemplateError("${\(variable.name)} is accepted only outside of strings", at: place)
        case .label, .text:
            guard quote != "`" else {
                throw QueryTemplateError(
                    "${\(variable.name)} is not accepted in backticks, which cannot hold every value: "
                        + "use double or single quotes",
                    at: place
                )
            }
            segments.append(.literal(String(literal)))
            literal = String.UnicodeScalarView()
            segments.append(.text(variable, role, quote: quote, place))
            meaning.append(.variable(variable, place))
        }
    }

    /// Keeps an escape whole, so that no value can complete it.
    private mutating func keepEscape(_ cursor: inout TemplateCursor) throws(QueryTemplateError) {
        let place = cursor.place
        guard let kind = cursor.peek(1), let escape = StringEscape(kind: kind, quote: quote) else {
            throw QueryTemplateError(
                "this backslash starts no escape: \\\\ (as in \\\\d of a regular expression), \\\(quote), "
                    + "\\a \\b \\f \\n \\r \\t \\v, \\x41, \\u0041, \\U00000041 and \\101 are accepted",
                at: place
            )
        }
        switch escape {
        case .scalar(let scalar):
            meaning.append(.scalar(scalar))
            keep(2, &cursor)
        case .number(let number):
            let digits = cursor.text(number.skipped + number.digits).unicodeScalars.dropFirst(number.skipped)
            guard digits.count == number.digits, let value = number.value(of: digits) else {
                throw QueryTemplateError(
                    "this escape is not complete: \(number.digits) digits of a valid character are accepted",
                    at: place
                )
            }
            meaning.append(.scalar(value < 0x80 || !number.isByte ? Unicode.Scalar(value) : nil))
            keep(number.skipped + number.digits, &cursor)
        }
    }

    private func checkVariables() throws(QueryTemplateError) {
        switch role {
        case .text: return
        case .regex: try RegexPlacement.check(meaning)
        case .replacement:
            var hasGroup = false
            for element in meaning {
                switch element {
                case .scalar(let scalar): hasGroup = hasGroup || scalar == "$"
                case .variable(let variable, let place):
                    guard !hasGroup else {
                        throw QueryTemplateError(
                            "in the replacement of label_replace ${\(variable.name)} is accepted only before the first $, "
                                + "or it could become part of a group's name",
                            at: place
                        )
                    }
                }
            }
        }
    }

    private mutating func keep(_ count: Int, _ cursor: inout TemplateCursor) {
        for _ in 0..<count {
            guard let scalar = cursor.next() else { return }
            literal.append(scalar)
        }
    }
}
