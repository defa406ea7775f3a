/// What stands for a part of the deploy event in the label values of a plan's scopes.
package enum ScopeVariable: String, CaseIterable, Sendable {
    case application, environment, namespace, cluster, version, revision

    /// The first `${name}` of a label value that is none of them.
    package static func unknown(in value: String) -> String? {
        var rest = value[...]
        while let opening = rest.firstRange(of: "${"), let closing = rest[opening.upperBound...].firstIndex(of: "}") {
            let name = String(rest[opening.upperBound..<closing])
            if ScopeVariable(rawValue: name) == nil { return name }
            rest = rest[rest.index(after: closing)...]
        }
        return nil
    }
}
