import Analysis
import EventFormats
import JSON

/// The subset of JSON Schema 2020-12 that the event schemas use. A keyword that it does not know is an error, so that no
/// schema can rely on a rule that is not checked.
struct JSONSchema {
    let root: JSONObject

    private static let annotations: Set = ["$schema", "$id", "$defs", "title", "description"]

    /// What is wrong with the value, each with its path; empty when it is valid.
    func problems(of value: JSONValue) -> [String] {
        problems(of: value, against: .object(root), at: "$")
    }

    private func problems(of value: JSONValue, against schema: JSONValue, at path: String) -> [String] {
        guard let schema = schema.object else {
            return schema == .bool(true) ? [] : ["\(path): is not accepted"]
        }
        return schema.members.flatMap { keyword, rule in
            check(keyword, rule, of: schema, value, path)
        }
    }

    private func check(
        _ keyword: String,
        _ rule: JSONValue,
        of schema: JSONObject,
        _ value: JSONValue,
        _ path: String
    ) -> [String] {
        if Self.annotations.contains(keyword) { return [] }
        switch keyword {
        case "$ref": return problems(of: value, against: definition(rule), at: path)
        case "type":
            let types = rule.elements ?? [rule]
            return types.contains { isType($0.text ?? "", value) } ? [] : ["\(path): is \(value.kind)"]
        case "enum": return rule.elements?.contains(value) == true ? [] : ["\(path): \(value.jsonText) is not listed"]
        case "const": return rule == value ? [] : ["\(path): is not \(rule.jsonText)"]
        case "oneOf", "anyOf":
            let matches = (rule.elements ?? []).filter { problems(of: value, against: $0, at: path).isEmpty }.count
            return matches == 1 || keyword == "anyOf" && matches > 1
                ? [] : ["\(path): matches \(matches) of \(keyword)"]
        case "minimum", "maximum":
            guard case .number = value, let number = value.doubleValue, let limit = rule.doubleValue else { return [] }
            return (keyword == "minimum" ? number >= limit : number <= limit) ? [] : ["\(path): breaks \(keyword)"]
        case "minLength", "maxLength":
            guard let text = value.text, let limit = rule.doubleValue else { return [] }
            let length = Double(text.unicodeScalars.count)
            return (keyword == "minLength" ? length >= limit : length <= limit) ? [] : ["\(path): breaks \(keyword)"]
        case "minItems", "maxItems":
            guard let count = value.elements?.count, let limit = rule.doubleValue else { return [] }
            return (keyword == "minItems" ? Double(count) >= limit : Double(count) <= limit)
                ? [] : ["\(path): breaks \(keyword)"]
        case "minProperties", "maxProperties":
            guard let count = value.object?.count, let limit = rule.doubleValue else { return [] }
            return (keyword == "minProperties" ? Double(count) >= limit : Double(count) <= limit)
                ? [] : ["\(path): breaks \(keyword)"]
        case "format":
            guard rule == .string("date-time") else { return ["\(path): unknown format \(rule.jsonText)"] }
            return value.text.map { Timestamp(rfc3339: $0) != nil } == false ? ["\(path): is not a time"] : []
        case "required":
            guard let object = value.object else { return [] }
            return (rule.elements ?? []).compactMap(\.text).filter { object[$0] == nil }.map {
                "\(path).\($0): is missing"
            }
        case "properties":
            return (rule.object?.members ?? []).flatMap { name, schema in
                value.object?[name].map { problems(of: $0, against: schema, at: "\(path).\(name)") } ?? []
            }
        case "additionalProperties":
            let known = Set(schema["properties"]?.object?.names ?? [])
            return (value.object?.members ?? []).filter { !known.contains($0.name) }.flatMap {
                problems(of: $0.value, against: rule, at: "\(path).\($0.name)")
            }
        case "items":
            return (value.elements ?? []).enumerated().flatMap {
                problems(of: $1, against: rule, at: "\(path)[\($0)]")
            }
        default: return ["\(path): the keyword \(keyword) is not known to this validator"]
        }
    }

    private func definition(_ reference: JSONValue) -> JSONValue {
        let prefix = "#/$defs/"
        guard let text = reference.text, text.hasPrefix(prefix) else { return .bool(false) }
        return root["$defs"]?.object?[String(text.dropFirst(prefix.count))] ?? .bool(false)
    }

    private func isType(_ type: String, _ value: JSONValue) -> Bool {
        switch (type, value) {
        case ("object", .object), ("array", .array), ("string", .string), ("number", .number), ("boolean", .bool),
            ("null", .null):
            true
        case ("integer", .number(let text)): Int(text) != nil
        default: false
        }
    }
}
