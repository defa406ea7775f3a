import Analysis
import Yams

/// A file of nested or dotted keys, YAML or JSON, as one text per dotted key. A list is its texts with commas between.
package enum FlatYAML {
    package struct Value: Sendable, Equatable {
        package var text: String
        /// Counts from 1.
        package var line: Int
    }

    /// Of a file that people write by hand.
    package static let limits = YAMLLimits(
        maximumBytes: 262_144,
        maximumDepth: 8,
        maximumNodes: 10_000,
        maximumDocuments: 1
    )

    /// The values of the file's one document; none for an empty file. A key that is given in two ways is an error.
    ///
    /// - Parameter file: the name that errors use.
    package static func values(
        of text: String,
        file: String,
        limits: YAMLLimits = limits
    ) throws(PlanFileErrors) -> [String: Value] {
        var issues = YAMLIssues(file: file)
        var values: [String: Value] = [:]
        for root in YAMLDocuments.parse(YAMLDocuments.withoutMark(text), limits: limits, issues: &issues) {
            guard case .mapping(let mapping) = root else {
                issues.add(root.position, "", "must be an object, not \(root.kind)")
                continue
            }
            flatten(mapping, "", into: &values, &issues)
        }
        guard issues.isEmpty else { throw issues.result }
        return values
    }

    private static func flatten(
        _ mapping: Node.Mapping,
        _ prefix: String,
        into values: inout [String: Value],
        _ issues: inout YAMLIssues
    ) {
        for (key, value) in mapping {
            guard case .scalar(let scalar) = key, isKey(scalar.string) else {
                issues.add(key.position, prefix, "has \(key.kind) as a key; keys are words with dots between")
                continue
            }
            let path = prefix.isEmpty ? scalar.string : "\(prefix).\(scalar.string)"
            switch value {
            case .mapping(let members): flatten(members, path, into: &values, &issues)
            case .sequence(let sequence):
                let texts = sequence.compactMap(\.scalar?.string)
                guard texts.count == sequence.count else {
                    issues.add(value.position, path, "is a list with something else than texts in it")
                    continue
                }
                add(path, texts.joined(separator: ","), value, to: &values, &issues)
            case .scalar(let scalar): add(path, value.isNull ? "" : scalar.string, value, to: &values, &issues)
            case .alias: issues.add(value.position, path, "is an alias")
            }
        }
    }

    private static func add(
        _ path: String,
        _ text: String,
        _ node: Node,
        to values: inout [String: Value],
        _ issues: inout YAMLIssues
    ) {
        if values.updateValue(Value(text: text, line: node.position?.line ?? 1), forKey: path) != nil {
            issues.add(node.position, path, "is given more than once")
        }
    }

    /// Words of visible ASCII with single dots between them.
    private static func isKey(_ text: String) -> Bool {
        text.utf8.count <= 256 && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty }
    }
}
