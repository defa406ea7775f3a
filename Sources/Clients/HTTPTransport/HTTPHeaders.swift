/// Header fields in the order given, looked up without regard to case.
package struct HTTPHeaders: Sendable, Equatable, ExpressibleByDictionaryLiteral, CustomStringConvertible {
    package struct Field: Sendable, Equatable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package private(set) var fields: [Field]

    package init(_ fields: [Field] = []) {
        self.fields = fields
    }

    package init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { Field(name: $0.0, value: $0.1) }
    }

    /// The first value of a field, or nil. Setting a value replaces every field of that name; nil removes them.
    package subscript(name: String) -> String? {
        get { fields.first { Self.matches($0.name, name) }?.value }
        set {
            fields.removeAll { Self.matches($0.name, name) }
            if let newValue { fields.append(Field(name: name, value: newValue)) }
        }
    }

    package mutating func append(name: String, value: String) {
        fields.append(Field(name: name, value: value))
    }

    /// These fields, with every field of `other` replacing those of the same name.
    package func overridden(by other: HTTPHeaders) -> HTTPHeaders {
        HTTPHeaders(fields.filter { other[$0.name] == nil } + other.fields)
    }

    /// Names with their values; values that may be credentials are left out.
    package var description: String {
        let shown = fields.map { field in
            Redaction.isSecret(headerName: field.name)
                ? "\(field.name): \(Redaction.mark)" : "\(field.name): \(field.value)"
        }
        return "[" + shown.joined(separator: ", ") + "]"
    }

    private static func matches(_ one: String, _ other: String) -> Bool {
        one.utf8.elementsEqual(other.utf8) || one.lowercased() == other.lowercased()
    }
}
