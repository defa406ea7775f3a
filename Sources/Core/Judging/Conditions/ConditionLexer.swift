/// Cuts a condition's text into tokens.
struct ConditionLexer {
    private static let signs: [String] = [
        "<=", ">=", "==", "!=", "&&", "||", "<", ">", "+", "-", "*", "/", "(", ")", ",",
    ]

    private var text: [UInt8]
    private var offset = 0

    /// The tokens of an ASCII text, ended by an `end` token.
    static func tokens(of text: [UInt8]) throws(ConditionError) -> [ConditionToken] {
        var lexer = ConditionLexer(text: text)
        var tokens: [ConditionToken] = []
        repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
        return tokens
    }

    private init(text: [UInt8]) {
        self.text = text
    }

    private mutating func next() throws(ConditionError) -> ConditionToken {
        skip { [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r")].contains($0) }
        let start = offset
        guard start < text.count else { return ConditionToken(kind: .end, range: start..<start) }
        if Self.isDigit(text[start]) || text[start] == UInt8(ascii: ".") { return try number() }
        if Self.isLetter(text[start]) {
            skip { Self.isLetter($0) || Self.isDigit($0) || $0 == UInt8(ascii: "_") }
            return ConditionToken(kind: .word(string(from: start)), range: start..<offset)
        }
        for sign in Self.signs where text[start...].starts(with: sign.utf8) {
            offset += sign.utf8.count
            return ConditionToken(kind: .sign(sign), range: start..<offset)
        }
        throw ConditionError(
            column: start + 1,
            problem: Self.description(ofByte: text[start]),
            accepted: ["a number", "a name"] + Self.signs
        )
    }

    /// Digits with an optional point, exponent and `%` (a hundredth).
    private mutating func number() throws(ConditionError) -> ConditionToken {
        let start = offset
        skip(while: Self.isDigit)
        if peek == UInt8(ascii: ".") {
            offset += 1
            skip(while: Self.isDigit)
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            offset += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { offset += 1 }
            skip(while: Self.isDigit)
        }
        let digits = string(from: start)
        guard let value = Double(digits), value.isFinite else {
            throw ConditionError(
                column: start + 1,
                problem: "'\(digits)' is not a number",
                accepted: ["a number such as 0.05, 1e-3, 5%"]
            )
        }
        let isPercent = peek == UInt8(ascii: "%")
        if isPercent { offset += 1 }
        return ConditionToken(kind: .number(isPercent ? value / 100 : value), range: start..<offset)
    }

    private var peek: UInt8? { offset < text.count ? text[offset] : nil }

    private mutating func skip(while matches: (UInt8) -> Bool) {
        while offset < text.count, matches(text[offset]) { offset += 1 }
    }

    private func string(from start: Int) -> String {
        String(decoding: text[start..<offset], as: UTF8.self)
    }

    private static func description(ofByte byte: UInt8) -> String {
        guard (0x21...0x7e).contains(byte) else { return "this character has no meaning in a condition" }
        return "'\(Character(UnicodeScalar(byte)))' has no meaning in a condition"
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
