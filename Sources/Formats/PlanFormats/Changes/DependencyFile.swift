package import Analysis
import Text
import Yams

/// Reads which application depends on which others: YAML or JSON, strict, every error with its line. Documents of one file
/// count together.
package enum DependencyFile {
    package static let kind = "Dependencies"
    /// Applications that one may name.
    static let maximumDependencies = 200

    private static let keys = ["apiVersion", "kind", "dependsOn"]

    /// - Parameter file: the name that errors use.
    package static func read(_ text: String, file: String) throws(PlanFileErrors) -> Dependencies {
        var direct: [String: [String]] = [:]
        _ = try YAMLDocuments.read(text, file: file, holding: "document of dependencies") { root, issues -> Bool? in
            guard let fields = YAMLFields(root, path: "", accepted: keys, issues: &issues) else { return nil }
            fields.requireHead(of: kind, and: "dependsOn", &issues)
            guard let given = fields.fields("dependsOn", accepted: nil, &issues) else { return nil }
            for name in given.names { read(name, of: given, into: &direct, &issues) }
            return true
        }
        return Dependencies(direct)
    }

    /// Whether a text is meant for this reader, and for no other.
    package static func isOne(_ text: String) -> Bool {
        var issues = YAMLIssues(file: "", source: text)
        let roots = YAMLDocuments.parse(YAMLDocuments.withoutMark(text), limits: YAMLLimits(), issues: &issues)
        return roots.first?.mapping?["kind"]?.string == kind
    }

    private static func read(
        _ name: String,
        of given: YAMLFields,
        into direct: inout [String: [String]],
        _ issues: inout YAMLIssues
    ) {
        func add(_ problem: String) { issues.add(given.position(of: name), given.path(of: name), problem) }
        let dependencies = given.texts(name, &issues) ?? []
        if direct[name] != nil { add("is named before") }
        if dependencies.count > maximumDependencies {
            add("has \(dependencies.count) dependencies; at most \(maximumDependencies) are followed")
        }
        for text in [name] + dependencies where !isName(text) {
            add("\"\(text.excerpt())\" is no name of an application")
        }
        if dependencies.contains(name) { add("depends on itself") }
        direct[name] = dependencies
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= DeployEvent.maximumTextBytes && !text.holdsUnprintable
            && !text.hasPrefix(" ") && !text.hasSuffix(" ")
    }
}
