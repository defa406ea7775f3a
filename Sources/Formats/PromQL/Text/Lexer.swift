/// Cuts a query into tokens.
///
/// Which characters are tokens depends on the brackets around them, as in Prometheus: inside `{…}` there are no keywords,
/// inside `[…]` a colon stands alone. What cannot be read becomes the last token but one.
struct Lexer {
    let bytes: [UInt8]
    /// Whether `${name}` is a placeholder, and `$$` in a string a `$`.
    let isTemplate: Bool
    private var position = 0
    private var isInBraces = false
    private var isInBrackets = false
    private var tokens: [Token] = []

    init(_ bytes: [UInt8], isTemplate: Bool) {
        self.bytes = bytes
        self.isTemplate = isTemplate
    }

    mutating func read() -> [Token] {
        tokens.reserveCapacity(bytes.count / 3 + 1)
        do throws(SyntaxProblem) {
            while try readNext() {}
        } catch {
            add(.unreadable(error.problem), from: error.offset)
        }
        position = bytes.count
        add(.end, from: position)
        return tokens
    }

    private func peek(_ distance: Int = 0) -> UInt8? {
        let index = position + distance
        return index < bytes.count ? bytes[index] : nil
    }

    private mutating func add(_ kind: Token.Kind, from start: Int) {
        tokens.append(Token(kind: kind, range: SourceRange(start: start, end: position)))
    }

    private mutating func emit(_ count: Int, as kind: Token.Kind) {
        let start = position
        position += count
        add(kind, from: start)
    }

    /// False at the end.
    private mutating func readNext() throws(SyntaxProblem) -> Bool {
        guard let byte = peek() else {
            if isInBraces { throw SyntaxProblem("this { is never closed with }", at: opening(.leftBrace)) }
            return false
        }
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D: position += 1
        case UInt8(ascii: "#"):
            while let next = peek(), next != 0x0A, next != 0x0D { position += 1 }
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"): try readString(quote: byte)
        case UInt8(ascii: "$") where isTemplate && peek(1) == UInt8(ascii: "{"): try readPlaceholder()
        default:
            if isInBraces { try readInBraces(byte) } else { try readOutsideBraces(byte) }
        }
        return true
    }

    private func opening(_ kind: Token.Kind) -> Int {
        tokens.last { $0.kind == kind }?.range.start ?? position
    }

    // MARK: Inside and outside of braces

    private mutating func readInBraces(_ byte: UInt8) throws(SyntaxProblem) {
        let next = peek(1)
        switch Character(Unicode.Scalar(byte)) {
        case ",": emit(1, as: .comma)
        case "=" where next == UInt8(ascii: "~"): emit(2, as: .matches)
        case "=": emit(1, as: .equal)
        case "!" where next == UInt8(ascii: "~"): emit(2, as: .matchesNot)
        case "!" where next == UInt8(ascii: "="): emit(2, as: .binary(.notEqual))
        case "}":
            isInBraces = false
            emit(1, as: .rightBrace)
        default:
            guard Self.isLetter(byte) else { throw unexpected("inside {…}, where matchers such as job=\"api\" stand") }
            let start = position
            while let next = peek(), Self.isLetter(next) || Self.isDigit(next) { position += 1 }
            add(.identifier, from: start)
        }
    }

    private mutating func readOutsideBraces(_ byte: UInt8) throws(SyntaxProblem) {
        let next = peek(1)
        switch Character(Unicode.Scalar(byte)) {
        case ",": emit(1, as: .comma)
        case "(": emit(1, as: .leftParenthesis)
        case ")": emit(1, as: .rightParenthesis)
        case "{":
            guard !isInBrackets else { throw unexpected("inside […], where a time such as 5m stands") }
            isInBraces = true
            emit(1, as: .leftBrace)
        case "[":
            guard !isInBrackets else { throw unexpected("inside […], where a time such as 5m stands") }
            isInBrackets = true
            emit(1, as: .leftBracket)
        case "]":
            isInBrackets = false
            emit(1, as: .rightBracket)
        case "@": emit(1, as: .at)
        case ":" where isInBrackets: emit(1, as: .colon)
        default:
            if let (length, kind) = Self.operators(byte, next) { return emit(length, as: kind) }
            if Self.isDigit(byte) || (byte == UInt8(ascii: ".") && next.map(Self.isDigit) ?? false) {
                return try readNumber()
            }
            guard Self.isLetter(byte) || byte == UInt8(ascii: ":") else { throw unexpected("here") }
            readWord()
        }
    }

    private static func operators(_ byte: UInt8, _ next: UInt8?) -> (Int, Token.Kind)? {
        switch (Character(Unicode.Scalar(byte)), next.map { Character(Unicode.Scalar($0)) }) {
        case ("+", _): (1, .binary(.add))
        case ("-", _): (1, .binary(.subtract))
        case ("*", _): (1, .binary(.multiply))
        case ("/", _): (1, .binary(.divide))
        case ("%", _): (1, .binary(.modulo))
        case ("^", _): (1, .binary(.power))
        case ("=", "="): (2, .binary(.equal))
        case ("=", "~"), ("!", "~"): (2, .unreadable("a matcher such as =~ stands inside {…} only"))
        case ("=", _): (1, .equal)
        case ("!", "="): (2, .binary(.notEqual))
        case ("<", "="): (2, .binary(.lessOrEqual))
        case ("<", "/"): (2, .binary(.trimUpper))
        case ("<", _): (1, .binary(.less))
        case (">", "="): (2, .binary(.greaterOrEqual))
        case (">", "/"): (2, .binary(.trimLower))
        case (">", _): (1, .binary(.greater))
        default: nil
        }
    }

    // MARK: Words and numbers

    private mutating func readWord() {
        let start = position
        var hasColon = false
        while let next = peek(),
            Self.isLetter(next) || Self.isDigit(next) || (next == UInt8(ascii: ":") && !isInBrackets)
        {
            hasColon = hasColon || next == UInt8(ascii: ":")
            position += 1
        }
        guard !hasColon else { return add(.metricIdentifier, from: start) }
        let word = String(decoding: bytes[start..<position], as: UTF8.self).lowercased()
        if word == "inf" || word == "nan" { return add(.number, from: start) }
        guard let keyword = Keyword.byWord[word] else { return add(.identifier, from: start) }
        if [.fill, .fillLeft, .fillRight].contains(keyword), !isFollowedByParenthesis {
            return add(.identifier, from: start)
        }
        add(.keyword(keyword), from: start)
    }

    private var isFollowedByParenthesis: Bool {
        bytes[position...].first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "(")
    }

    /// A number or a duration: everything up to what cannot be part of either. Their parts are checked when they are used.
    private mutating func readNumber() throws(SyntaxProblem) {
        let start = position
        var scanner = NumberScanner(bytes[start...])
        guard let literal = scanner.read() else {
            while let next = peek(), Self.isLetter(next) || Self.isDigit(next) || next == UInt8(ascii: ".") {
                position += 1
            }
            throw SyntaxProblem(
                "\"\(Self.shown(bytes[start..<position]))\" is neither a number nor a time such as 1h30m",
                at: start
            )
        }
        emit(scanner.length, as: literal == .number ? .number : .duration)
    }

    // MARK: Strings and placeholders

    private mutating func readString(quote: UInt8) throws(SyntaxProblem) {
        let start = position
        let string = try StringScanner(bytes, from: start, isTemplate: isTemplate).read()
        position = string.end
        add(.string, from: start)
    }

    private mutating func readPlaceholder() throws(SyntaxProblem) {
        let start = position
        guard let end = bytes[start...].prefix(128).firstIndex(of: UInt8(ascii: "}")) else {
            throw SyntaxProblem("this ${ is never closed with }", at: start)
        }
        position = end + 1
        add(.placeholder(String(decoding: bytes[(start + 2)..<end], as: UTF8.self)), from: start)
    }

    // MARK: Characters

    private func unexpected(_ place: String) -> SyntaxProblem {
        let scalar = String(decoding: bytes[position...].prefix(4), as: UTF8.self).unicodeScalars.first
        return SyntaxProblem("\(scalar.map(Self.shown) ?? "this") is not accepted \(place)", at: position)
    }

    private static func shown(_ scalar: Unicode.Scalar) -> String {
        scalar.value > 0x20 && scalar.value < 0x7F
            ? "\"\(scalar)\"" : "U+" + String(scalar.value, radix: 16, uppercase: true)
    }

    static func shown(_ bytes: ArraySlice<UInt8>) -> String {
        String(
            String.UnicodeScalarView(
                String(decoding: bytes.prefix(60), as: UTF8.self).unicodeScalars.map {
                    $0.value > 0x20 && $0.value < 0x7F ? $0 : "?"
                }
            )
        )
    }

    static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
    }

    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
