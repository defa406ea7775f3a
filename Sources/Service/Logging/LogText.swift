import Text

/// Texts as they stand in lines for people and for programs: none can be mistaken for another field or another line.
enum LogText {
    /// A value after `name=`: as it is, or in quotes where it could be taken for more than one value.
    static func value(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            !scalar.isUnprintable && !scalar.properties.isWhitespace && !["=", "\"", "\\"].contains(scalar)
        }
        guard !isPlain || text.isEmpty else { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            default: append(scalar, to: &quoted)
            }
        }
        return quoted + "\""
    }

    /// A message, or a whole line of JSON, with nothing in it that a terminal acts on.
    static func printable(_ text: String) -> String {
        guard text.holdsUnprintable else { return text }
        var shown = ""
        for scalar in text.unicodeScalars { append(scalar, to: &shown) }
        return shown
    }

    /// As JSON writes what it escapes.
    private static func append(_ scalar: Unicode.Scalar, to text: inout String) {
        guard scalar.isUnprintable else { return text.unicodeScalars.append(scalar) }
        for unit in String(scalar).utf16 {
            let digits = String(unit, radix: 16)
            text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
    }
}
