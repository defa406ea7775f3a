/// What stands for a part of the deploy event in the label values of a plan's scopes.
package enum ScopeVariable: String, CaseIterable, Sendable {
    case application, environment, namespace, cluster, version, revision

    /// The first `${name}` of a label value that is none of them.
    package static func unknown(in value: String) -> String? {
        var rest = value[...]
        while let variable = next(in: &rest) {
            if ScopeVariable(rawValue: variable.name) == nil { return variable.name }
        }
        return nil
    }

    /// Consumes the text up to the end of the next `${name}`, and gives what is before it and the name; nil, with the rest
    /// as it is, where there is none.
    static func next(in rest: inout Substring) -> (before: Substring, name: String)? {
        guard let opening = rest.firstRange(of: "${"), let closing = rest[opening.upperBound...].firstIndex(of: "}")
        else { return nil }
        defer { rest = rest[rest.index(after: closing)...] }
        return (rest[..<opening.lowerBound], String(rest[opening.upperBound..<closing]))
    }
}
