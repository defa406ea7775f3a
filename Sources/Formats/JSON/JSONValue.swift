/// A JSON value that keeps what a text says: the order of members and the digits of numbers.
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// The number as it is written, always valid JSON.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    /// A number; `"NaN"`, `"Infinity"` or `"-Infinity"` as a string where JSON has no number for it.
    package static func double(_ value: Double) -> JSONValue {
        guard value.isFinite else {
            return .string(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
        }
        let text = String(value)
        return .number(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
    }

    package static func integer(_ value: Int) -> JSONValue { .number(String(value)) }

    package var text: String? { if case .string(let text) = self { text } else { nil } }
    package var boolean: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// A whole number that fits; nil for others.
    package var integer: Int64? {
        guard case .number(let text) = self else { return nil }
        return Int64(text) ?? Double(text).flatMap { Int64(exactly: $0) }
    }
    package var object: JSONObject? { if case .object(let object) = self { object } else { nil } }
    package var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }

    /// A number, or one of the three texts that `double(_:)` writes.
    package var doubleValue: Double? {
        switch self {
        case .number(let text): Double(text)
        case .string("NaN"): .nan
        case .string("Infinity"): .infinity
        case .string("-Infinity"): -.infinity
        default: nil
        }
    }

    /// The kind of value in the words of an error message.
    package var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

/// The members of a JSON object in the order of the text.
package struct JSONObject: Sendable, Equatable {
    package private(set) var names: [String] = []
    private var values: [String: JSONValue] = [:]

    package init() {}

    package var count: Int { names.count }

    /// The members in order.
    package var members: [(name: String, value: JSONValue)] {
        names.compactMap { name in values[name].map { (name, $0) } }
    }

    /// Setting nil leaves the member out.
    package subscript(name: String) -> JSONValue? {
        get { values[name] }
        set {
            if let newValue {
                if values.updateValue(newValue, forKey: name) == nil { names.append(name) }
            } else if values.removeValue(forKey: name) != nil {
                names.removeAll { $0 == name }
            }
        }
    }

    package static func == (left: JSONObject, right: JSONObject) -> Bool { left.values == right.values }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Members whose value is nil are left out.
    package init(dictionaryLiteral elements: (String, JSONValue?)...) {
        for (name, value) in elements { self[name] = value }
    }
}
