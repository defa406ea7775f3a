/// The lexical rules of PromQL that escaping rests on: they are those of Prometheus' `promql/parser/lex.go` and
/// `util/strutil/quote.go`.
enum PromQL {
    /// What PromQL makes of a string where it stands.
    enum StringRole: Sendable, Equatable {
        /// A plain string: a label's value, or a label's name.
        case text
        /// A regular expression: after `=~` or `!~`, or the last argument of `label_replace`.
        case regex
        /// The replacement of `label_replace`, where `$1` and `${name}` stand for groups.
        case replacement
    }

    /// The value as the inside of a string literal in the given quotes, so that it means itself in its role.
    static func escape(_ value: String, as role: StringRole, quote: Unicode.Scalar) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in value.unicodeScalars {
            switch role {
            case .text: break
            case .regex:
                // As Go's regexp.QuoteMeta does; the backslash itself then needs another for the string.
                if regexSpecials.contains(scalar) { escaped.append(contentsOf: "\\\\".unicodeScalars) }
            case .replacement:
                if scalar == "$" { escaped.append("$") }
            }
            switch scalar {
            case "\\", quote:
                escaped.append("\\")
                escaped.append(scalar)
            case "\n": escaped.append(contentsOf: "\\n".unicodeScalars)
            case "\r": escaped.append(contentsOf: "\\r".unicodeScalars)
            case "\t": escaped.append(contentsOf: "\\t".unicodeScalars)
            default:
                if isPlain(scalar) {
                    escaped.append(scalar)
                } else {
                    escaped.append(contentsOf: numericEscape(scalar).unicodeScalars)
                }
            }
        }
        return String(escaped)
    }

    /// Whether a scalar may stand in a query as it is.
    ///
    /// Control characters may not, nor those that a reader of a log cannot see (direction marks, separators, noncharacters). Prometheus
    /// takes a literal U+FFFD for a sign of broken UTF-8 and refuses the query.
    static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value != 0xFFFD else { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned: return false
        default: return true
        }
    }

    /// `[a-zA-Z_][a-zA-Z0-9_]*`.
    static func isLabelName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !isDigit(first) else { return false }
        return name.utf8.allSatisfy { isDigit($0) || isLetter($0) || $0 == UInt8(ascii: "_") }
    }

    /// A duration as PromQL writes it: whole numbers with units from large to small, each at most once, and more than 0.
    static func isDuration(_ text: String) -> Bool {
        guard text.utf8.count <= 24 else { return false }
        var units = ["y", "w", "d", "h", "m", "s", "ms"][...]
        var rest = Substring(text).utf8
        var isPositive = false
        while !rest.isEmpty {
            let digits = rest.prefix(while: isDigit)
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix(while: isLetter)
            rest = rest.dropFirst(unit.count)
            guard !digits.isEmpty, let index = units.firstIndex(where: { $0.utf8.elementsEqual(unit) }) else {
                return false
            }
            units = units[(index + 1)...]
            isPositive = isPositive || digits.contains { $0 != UInt8(ascii: "0") }
        }
        return isPositive
    }

    /// Whether a scalar may be part of a name, a number or a duration.
    static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        guard let byte = UInt8(exactly: scalar.value) else { return false }
        return isDigit(byte) || isLetter(byte) || scalar == "_" || scalar == "."
    }

    private static let regexSpecials = Set("\\.+*?()|[]{}^$".unicodeScalars)

    /// `\x` stands for a byte, not for a character, so that it serves ASCII only.
    private static func numericEscape(_ scalar: Unicode.Scalar) -> String {
        let hex = String(scalar.value, radix: 16)
        let (mark, width) = scalar.isASCII ? ("\\x", 2) : scalar.value <= 0xFFFF ? ("\\u", 4) : ("\\U", 8)
        return mark + String(repeating: "0", count: max(0, width - hex.count)) + hex
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
