import Analysis
import JSON
import Text

/// Strict access to the members of one object of Kayenta's API. `null` is an absent member, as it is to Kayenta; a member
/// that is not known here is an error, which it is not to Kayenta: there a typo silently yields the default.
struct KayentaObject {
    let json: JSONObject
    private let path: String
    private let fields: JSONFields

    init(_ value: JSONValue, _ path: String, members: Set<String>) throws(KayentaProblem) {
        guard let object = value.object else { throw KayentaProblem("\(path) must be an object, not \(value.kind).") }
        json = object
        self.path = path
        fields = JSONFields(object, path: path)
        for name in object.names where !members.contains(name) {
            throw problem(name.excerpt(), "has no meaning here.")
        }
    }

    func problem(_ name: String, _ words: String) -> KayentaProblem { KayentaProblem("\(path).\(name) \(words)") }

    func value(_ name: String) -> JSONValue? { fields.present(name) }

    func path(of name: String) -> String { "\(path).\(name)" }

    /// Nil where it is empty, which Kayenta takes for absent.
    func text(_ name: String) throws(KayentaProblem) -> String? {
        let text = try read { fields throws(JSONFieldError) in try fields.text(name) }
        return text?.isEmpty == true ? nil : text
    }

    func texts(_ name: String) throws(KayentaProblem) -> [String]? {
        try read { fields throws(JSONFieldError) in try fields.texts(name) }
    }

    func flag(_ name: String) throws(KayentaProblem) -> Bool? {
        try read { fields throws(JSONFieldError) in try fields.bool(name) }
    }

    /// A finite number, or a text that holds one.
    func number(_ name: String) throws(KayentaProblem) -> Double? {
        guard let value = value(name) else { return nil }
        let number: Double? =
            switch value {
            case .number(let text): Double(text)
            case .string(let text) where text.utf8.allSatisfy({ "0123456789.-".utf8.contains($0) }): Double(text)
            default: nil
            }
        guard let number, number.isFinite else { throw problem(name, "must be a number, not \(value.kind).") }
        return number
    }

    func whole(_ name: String, in range: ClosedRange<Int64>) throws(KayentaProblem) -> Int64? {
        guard let value = value(name) else { return nil }
        guard let whole = value.integer, range.contains(whole) else {
            throw problem(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return whole
    }

    func list(_ name: String, most: Int) throws(KayentaProblem) -> [JSONValue]? {
        guard let value = value(name) else { return nil }
        guard let list = value.elements else { throw problem(name, "must be a list, not \(value.kind).") }
        guard list.count <= most else { throw problem(name, "has \(list.count) elements; \(most) are allowed.") }
        return list
    }

    /// Texts by name; a number or a boolean is taken as it is written, null as absent.
    func map(_ name: String) throws(KayentaProblem) -> [(name: String, value: String)]? {
        guard let value = value(name) else { return nil }
        guard let object = value.object else { throw problem(name, "must be an object, not \(value.kind).") }
        var map: [(name: String, value: String)] = []
        for (key, value) in object.members {
            switch value {
            case .string(let text), .number(let text): map.append((key, text))
            case .bool(let flag): map.append((key, String(flag)))
            case .null: break
            case .array, .object: throw problem("\(name).\(key.excerpt())", "must be a text, not \(value.kind).")
            }
        }
        return map
    }

    /// RFC 3339, or seconds since 1970.
    func instant(_ name: String) throws(KayentaProblem) -> Timestamp? {
        guard let value = value(name) else { return nil }
        switch value {
        case .string(let text):
            if text.isEmpty { return nil }
            if let time = Timestamp(rfc3339: text) { return time }
        case .number(let text):
            if let seconds = Double(text), (0...253_402_300_799).contains(seconds) {
                return Timestamp(milliseconds: Int64((seconds * 1000).rounded(.down)))
            }
        default: break
        }
        throw problem(name, "must be an instant such as 2026-11-30T10:15:00Z.")
    }

    func required<Value>(_ name: String, _ value: Value?) throws(KayentaProblem) -> Value {
        guard let value else { throw problem(name, "is required.") }
        return value
    }

    private func read<Value>(
        _ body: (JSONFields) throws(JSONFieldError) -> Value
    ) throws(KayentaProblem) -> Value {
        do { return try body(fields) } catch { throw KayentaProblem("\(error.path) \(error.problem).") }
    }
}
