/// Values written into PromQL, so that they stay values.
enum PromQLText {
    /// The inside of a string literal in `quote`, `"` or `'`.
    ///
    /// Escapes as Prometheus' lexer reads them (util/strutil/quote.go). It takes U+FFFD for broken UTF-8, so that
    /// character is escaped too.
    static func escaped(_ value: String, quote: Unicode.Scalar) -> String {
        var text = String.UnicodeScalarView()
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": text.append(contentsOf: "\\\\".unicodeScalars)
            case quote:
                text.append("\\")
                text.append(scalar)
            case "\n": text.append(contentsOf: "\\n".unicodeScalars)
            case "\r": text.append(contentsOf: "\\r".unicodeScalars)
            case "\t": text.append(contentsOf: "\\t".unicodeScalars)
            case "\u{FFFD}": text.append(contentsOf: "\\uFFFD".unicodeScalars)
            case "\0"..<" ", "\u{7F}":
                let digits = String(scalar.value, radix: 16)
                text.append(contentsOf: "\\x\(digits.count < 2 ? "0" : "")\(digits)".unicodeScalars)
            default: text.append(scalar)
            }
        }
        return String(text)
    }

    /// A regular expression that matches just `value` (RE2's QuoteMeta).
    static func regexQuoted(_ value: String) -> String {
        var text = String.UnicodeScalarView()
        for scalar in value.unicodeScalars {
            if "\\.+*?()|[]{}^$".unicodeScalars.contains(scalar) { text.append("\\") }
            text.append(scalar)
        }
        return String(text)
    }

    /// Whether a name can stand before a matcher: `[a-zA-Z_][a-zA-Z0-9_]*`.
    static func isLabelName(_ name: some StringProtocol) -> Bool {
        guard let first = name.utf8.first, isLetter(first) else { return false }
        return name.utf8.allSatisfy { isLetter($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            || byte == UInt8(ascii: "_")
    }
}
