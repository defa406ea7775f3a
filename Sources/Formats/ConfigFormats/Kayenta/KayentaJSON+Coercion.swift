extension KayentaJSON {
    /// A number the way Kayenta reads the fields it declares as numbers (samples, weights, thresholds): any number, or
    /// a text that holds one, `NaN` or `Infinity`; null and an empty text are 0.
    func number(_ field: @autoclosure () -> String) throws(KayentaError) -> Double {
        switch self {
        case .null: return 0
        case .int(let value): return Double(value)
        case .long(let value), .double(let value): return value
        case .string(let text):
            if let value = Self.number(inText: text) { return value }
            throw KayentaError("\(field()) is the text '\(text.prefix(64))', which is not a number.")
        case .bool, .array, .object: throw KayentaError("\(field()) must be a number, not \(kind).")
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
        case .int(let value): return String(value)
        case .long(let value), .double(let value): return String(value)
        case .null, .array, .object: throw KayentaError("\(field()) must be a text, not \(kind).")
        }
    }

    func list(_ field: @autoclosure () -> String) throws(KayentaError) -> [KayentaJSON] {
        guard case .array(let elements) = self else {
            throw KayentaError("\(field()) must be a list, not \(kind).")
        }
        return elements
    }

    func members(_ field: @autoclosure () -> String) throws(KayentaError) -> [String: KayentaJSON] {
        guard case .object(let members) = self else {
            throw KayentaError("\(field()) must be an object, not \(kind).")
        }
        return members
    }

    /// The members by name: of several that are wrong, always the same one is named.
    func sortedMembers(_ field: String) throws(KayentaError) -> [(key: String, value: KayentaJSON)] {
        try members(field).sorted { $0.key < $1.key }
    }

    /// Absent and null are the same to Kayenta wherever it declares a field.
    func member(_ key: String) -> KayentaJSON? {
        guard let value = self[key], value != .null else { return nil }
        return value
    }
}
