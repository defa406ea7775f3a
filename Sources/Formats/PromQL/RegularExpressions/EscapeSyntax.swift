/// What may follow a backslash in a regular expression, inside and outside of `[…]`.
struct EscapeSyntax {
    private let scalars: [Unicode.Scalar?]
    private let start: Int

    /// - Parameter start: where the backslash stands.
    init(_ scalars: [Unicode.Scalar?], from start: Int) {
        self.scalars = scalars
        self.start = start
    }

    private func peek(_ distance: Int) -> Unicode.Scalar? {
        start + distance < scalars.count ? scalars[start + distance] : nil
    }

    private static func isHex(_ scalar: Unicode.Scalar) -> Bool {
        Character(scalar).hexDigitValue != nil && scalar.isASCII
    }

    /// The character that the escape stands for, and where the text goes on; no character for a class such as `\d`.
    func read() throws(RegularExpressionProblem) -> (value: UInt32?, end: Int) {
        guard let kind = peek(1) else { throw RegularExpressionProblem(problem: "a backslash stands at its end") }
        switch kind {
        case "d", "D", "s", "S", "w", "W": return (nil, start + 2)
        case "p", "P": return (nil, try endOfProperty())
        case "a": return (7, start + 2)
        case "f": return (12, start + 2)
        case "n": return (10, start + 2)
        case "r": return (13, start + 2)
        case "t": return (9, start + 2)
        case "v": return (11, start + 2)
        case "0": return try octal()
        case "1"..."7":
            guard let next = peek(2), ("0"..."7").contains(next) else { throw unknown(kind) }
            return try octal()
        case "x": return try hexadecimal()
        default:
            guard kind.isASCII, kind.value < 0x30 || !kind.properties.isAlphabetic && !("0"..."9").contains(kind) else {
                throw unknown(kind)
            }
            return (kind.value, start + 2)
        }
    }

    func end(inSet: Bool) throws(RegularExpressionProblem) -> Int { try read().end }

    private func unknown(_ kind: Unicode.Scalar) -> RegularExpressionProblem {
        let shown = kind.isASCII && kind.value > 0x20 && kind.value < 0x7F ? String(kind) : "…"
        return RegularExpressionProblem(problem: "\\\(shown) means nothing in RE2")
    }

    private func octal() throws(RegularExpressionProblem) -> (value: UInt32?, end: Int) {
        var (value, length): (UInt32, Int) = (0, 0)
        while length < 3, let digit = peek(1 + length), ("0"..."7").contains(digit) {
            value = value * 8 + (digit.value - 0x30)
            length += 1
        }
        return (value, start + 1 + length)
    }

    private func hexadecimal() throws(RegularExpressionProblem) -> (value: UInt32?, end: Int) {
        let isBraced = peek(2) == "{"
        var (digits, length) = ("", isBraced ? 3 : 2)
        while let scalar = peek(length), Self.isHex(scalar), isBraced || digits.count < 2, digits.count < 9 {
            digits.unicodeScalars.append(scalar)
            length += 1
        }
        guard let value = UInt32(digits, radix: 16), value <= 0x10FFFF,
            isBraced ? peek(length) == "}" : digits.count == 2
        else { throw RegularExpressionProblem(problem: "\\x is not complete: \\x41 and \\x{1F600} are accepted") }
        return (value, start + length + (isBraced ? 1 : 0))
    }

    /// `\pL` or `\p{Greek}`. Which names there are depends on the version of Go: any is accepted.
    private func endOfProperty() throws(RegularExpressionProblem) -> Int {
        guard let first = peek(2) else { throw RegularExpressionProblem(problem: "\\p is not complete") }
        guard first == "{" else { return start + 3 }
        var length = 3
        while let scalar = peek(length), scalar != "}" {
            guard scalar.isASCII, scalar == "^" || scalar == "_" || scalar.properties.isAlphabetic else { break }
            length += 1
        }
        guard peek(length) == "}", length > 3 else { throw RegularExpressionProblem(problem: "\\p{…} is not complete") }
        return start + length + 1
    }
}
