import Text

/// Why a member of an event's data cannot be used; names the member by its path.
package struct JSONFieldError: Error, Sendable, Equatable, CustomStringConvertible {
    package let path: String
    package let problem: String

    package var description: String { "\(path): \(problem)" }
}

/// Typed access to the members of one JSON object; every error names the path of the member. `null` is an absent member.
package struct JSONFields {
    private let object: JSONObject
    private let path: String

    package init(_ object: JSONObject, path: String = "") {
        self.object = object
        self.path = path
    }

    package var names: [String] { object.names }

    package func contains(_ name: String) -> Bool { present(name) != nil }

    package func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    package func error(_ name: String, _ problem: String) -> JSONFieldError {
        JSONFieldError(path: path(of: name), problem: problem)
    }

    /// The member as it is; nil when it is absent or null.
    package func present(_ name: String) -> JSONValue? {
        guard let value = object[name], value != .null else { return nil }
        return value
    }

    package func text(_ name: String) throws(JSONFieldError) -> String? {
        guard let value = present(name) else { return nil }
        guard let text = value.text else { throw error(name, "must be a string, not \(value.kind)") }
        return text
    }

    package func bool(_ name: String) throws(JSONFieldError) -> Bool? {
        guard let value = present(name) else { return nil }
        guard case .bool(let bool) = value else { throw error(name, "must be true or false, not \(value.kind)") }
        return bool
    }

    /// A finite number.
    package func number(_ name: String) throws(JSONFieldError) -> Double? {
        guard let value = present(name) else { return nil }
        guard case .number = value, let number = value.doubleValue else {
            throw error(name, "must be a number, not \(value.kind)")
        }
        return number
    }

    /// A number, or `NaN`, `Infinity`, `-Infinity` as text.
    package func measurement(_ name: String) throws(JSONFieldError) -> Double? {
        guard let value = present(name) else { return nil }
        guard let number = value.doubleValue else { throw error(name, "must be a number, not \(value.kind)") }
        return number
    }

    package func integer(_ name: String) throws(JSONFieldError) -> Int? {
        guard let value = present(name) else { return nil }
        guard case .number(let text) = value, let integer = Int(text) else {
            throw error(name, "must be a whole number")
        }
        return integer
    }

    package func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String,
        of type: Choice.Type
    ) throws(JSONFieldError) -> Choice? {
        guard let text = try text(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let accepted = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw error(name, "\"\(text.excerpt())\" is not one of \(accepted)")
        }
        return choice
    }

    package func fields(_ name: String) throws(JSONFieldError) -> JSONFields? {
        guard let value = present(name) else { return nil }
        guard let object = value.object else { throw error(name, "must be an object, not \(value.kind)") }
        return JSONFields(object, path: path(of: name))
    }

    package func texts(_ name: String) throws(JSONFieldError) -> [String]? {
        guard let values = try elements(name) else { return nil }
        var texts: [String] = []
        for (index, value) in values.enumerated() {
            guard let text = value.text else {
                throw error("\(name)[\(index)]", "must be a string, not \(value.kind)")
            }
            texts.append(text)
        }
        return texts
    }

    package func objects(_ name: String) throws(JSONFieldError) -> [JSONFields]? {
        guard let values = try elements(name) else { return nil }
        var objects: [JSONFields] = []
        for (index, value) in values.enumerated() {
            guard let object = value.object else {
                throw error("\(name)[\(index)]", "must be an object, not \(value.kind)")
            }
            objects.append(JSONFields(object, path: path(of: "\(name)[\(index)]")))
        }
        return objects
    }

    package func required<Value>(_ name: String, _ value: Value?) throws(JSONFieldError) -> Value {
        guard let value else { throw error(name, "is required") }
        return value
    }

    private func elements(_ name: String) throws(JSONFieldError) -> [JSONValue]? {
        guard let value = present(name) else { return nil }
        guard let elements = value.elements else { throw error(name, "must be an array, not \(value.kind)") }
        return elements
    }
}
