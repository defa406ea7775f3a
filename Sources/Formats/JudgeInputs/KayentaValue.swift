import JSON

/// JSON as Kayenta reads it.
///
/// Kayenta casts options to Java's types without converting them, so whether a number was written `1`, `1.0` or with
/// more than 32 bits decides whether a judgement fails. A ``JSONValue`` keeps the digits, so the type can be told.
extension JSONValue {
    /// How deep a case may be nested.
    private static let deepest = 64

    /// Reads one whole JSON text; throws with the byte at which it goes wrong.
    static func kayenta(_ text: String) throws(KayentaError) -> JSONValue {
        do throws(JSONParseError) {
            return try JSONParser.parse(Array(text.utf8), maximumDepth: deepest, rules: .java)
        } catch {
            throw KayentaError("The line is not JSON: \(error.problem) (byte \(error.offset)).")
        }
    }

    /// The types that Kayenta's reader gives numbers.
    enum JavaNumber {
        /// A whole number of at most 32 bits.
        case int(Int32)
        /// A longer whole number, as the nearest double.
        case long(Double)
        /// A number with a point or an exponent.
        case double(Double)

        init(_ text: String) {
            let value = Double(text) ?? .nan
            if text.utf8.contains(where: { ".eE".utf8.contains($0) }) {
                self = .double(value)
            } else if let int = Int32(text) {
                self = .int(int)
            } else {
                self = .long(value)
            }
        }
    }

    /// How an error names the kind of value.
    var kayentaKind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number(let text):
            switch JavaNumber(text) {
            case .int: "a whole number"
            case .long: "a whole number of more than 32 bits"
            case .double: "a number"
            }
        case .string: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }

    /// A number the way Kayenta reads the fields it declares as numbers (samples, weights, thresholds): any number, or
    /// a text that holds one, `NaN` or `Infinity`; null and an empty text are 0.
    func number(_ field: @autoclosure () -> String) throws(KayentaError) -> Double {
        switch self {
        case .null: return 0
        case .number(let text):
            switch JavaNumber(text) {
            case .int(let value): return Double(value)
            case .long(let value), .double(let value): return value
            }
        case .string(let text):
            if let value = Self.number(inText: text) { return value }
            throw KayentaError("\(field()) is the text '\(text.prefix(64))', which is not a number.")
        case .bool, .array, .object: throw KayentaError("\(field()) must be a number, not \(kayentaKind).")
        }
    }

    private static func number(inText text: String) -> Double? {
        var trimmed = text[...]
        while let byte = trimmed.utf8.first, byte <= 0x20 { trimmed.removeFirst() }
        while let byte = trimmed.utf8.last, byte <= 0x20 { trimmed.removeLast() }
        switch trimmed {
        case "", "null": return 0
        case "NaN": return .nan
        case "Infinity", "+Infinity", "INF", "+INF": return .infinity
        case "-Infinity", "-INF": return -.infinity
        default:
            // Not the words and hexadecimal forms that `Double` reads as well.
            guard trimmed.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }) else { return nil }
            return Double(trimmed)
        }
    }

    /// A text the way Kayenta reads the fields it declares as texts: numbers and booleans are taken as written.
    func text(_ field: @autoclosure () -> String) throws(KayentaError) -> String {
        switch self {
        case .string(let text): return text
        case .bool(let value): return String(value)
        case .number(let text):
            switch JavaNumber(text) {
            case .int(let value): return String(value)
            case .long(let value), .double(let value): return String(value)
            }
        case .null, .array, .object: throw KayentaError("\(field()) must be a text, not \(kayentaKind).")
        }
    }

    func list(_ field: @autoclosure () -> String) throws(KayentaError) -> [JSONValue] {
        guard case .array(let elements) = self else {
            throw KayentaError("\(field()) must be a list, not \(kayentaKind).")
        }
        return elements
    }

    func members(_ field: @autoclosure () -> String) throws(KayentaError) -> JSONObject {
        guard case .object(let members) = self else {
            throw KayentaError("\(field()) must be an object, not \(kayentaKind).")
        }
        return members
    }

    /// The members by name: of several that are wrong, always the same one is named.
    func sortedMembers(_ field: String) throws(KayentaError) -> [(name: String, value: JSONValue)] {
        try members(field).members.sorted { $0.name < $1.name }
    }

    /// Absent and null are the same to Kayenta wherever it declares a field.
    func member(_ key: String) -> JSONValue? {
        guard let value = object?[key], value != .null else { return nil }
        return value
    }
}
