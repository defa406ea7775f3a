import Analysis
import Text
import Yams

/// Typed access to the members of one mapping. What is wrong goes to `issues` with its line, and the value reads as nil.
struct YAMLFields {
    private var values: [String: Node] = [:]
    /// Keys in the order of the file.
    private(set) var names: [String] = []
    /// Names whose values ended at a comma, with the whole text as far as it is shown; reported once, and read no
    /// further.
    private(set) var cutTexts: [String: String] = [:]
    private static let maximumCutBytes = 512
    let path: String
    let position: FilePosition?

    /// - Parameter accepted: the keys that may be used; nil accepts any.
    init?(_ node: Node, path: String, accepted: [String]?, issues: inout YAMLIssues) {
        self.path = path
        position = node.position
        guard case .mapping(let mapping) = node else {
            let keys = accepted.map { " with \($0.joined(separator: ", "))" } ?? ""
            issues.add(node.position, path, "must be an object\(keys), not \(node.kind)")
            return nil
        }
        for (key, value) in mapping {
            guard case .scalar(let scalar) = key else {
                issues.add(key.position, path, "has \(key.kind) as a key; keys are plain words")
                continue
            }
            let name = scalar.string
            // A text with a comma, of which the rest has become a key without a value.
            if value.isNull, accepted?.contains(name) == false, let cut = names.last, let text = values[cut]?.scalar {
                let known = cutTexts[cut]
                if known != nil || issues.isFlow(node) {
                    let before = known ?? text.string
                    cutTexts[cut] = before.utf8.count < Self.maximumCutBytes ? "\(before), \(name)" : before
                    continue
                }
            }
            guard accepted?.contains(name) != false else {
                let hint = issues.hint(for: name, among: accepted ?? [])
                issues.add(
                    key.position,
                    path.isEmpty ? name : "\(path).\(name)",
                    "is not a known key\(hint); known here are \(accepted?.joined(separator: ", ") ?? "")"
                )
                continue
            }
            values[name] = value
            names.append(name)
            if let position = key.position { issues.place(self.path(of: name), at: position) }
        }
        for name in names {
            guard let whole = cutTexts[name] else { continue }
            let problem = "a text with a comma needs quotes inside of {…}: \(name): \"\(whole.excerpt())\""
            issues.add(values[name]?.position, self.path(of: name), problem)
        }
    }

    func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    func contains(_ name: String) -> Bool { values[name] != nil }

    /// Where the value stands; nil when the key is left out.
    func position(of name: String) -> FilePosition? { values[name]?.position }

    func require(_ name: String, _ issues: inout YAMLIssues) {
        if values[name] == nil { issues.add(position, path(of: name), "is required") }
    }

    /// What a document of the kind begins with, and a further key that it needs.
    func requireHead(of kind: String, and name: String, _ issues: inout YAMLIssues) {
        for name in ["apiVersion", "kind", name] { require(name, &issues) }
        for (name, expected) in [("apiVersion", PlanReader.apiVersion), ("kind", kind)] {
            if let given = text(name, &issues), given != expected {
                issues.add(position(of: name), name, "must be \(expected)")
            }
        }
    }

    /// The value as it is; nil when the key is left out, and also (with an error) when it has no value.
    func node(_ name: String, _ issues: inout YAMLIssues) -> Node? {
        guard let value = values[name], cutTexts[name] == nil else { return nil }
        guard !value.isNull else {
            issues.add(value.position, path(of: name), "has no value: give it one or remove the key")
            return nil
        }
        return value
    }

    /// Any scalar, word for word: `1.10` stays `1.10` and `no` stays `no`.
    func text(_ name: String, _ issues: inout YAMLIssues) -> String? {
        guard let node = node(name, &issues) else { return nil }
        return Self.text(node, path(of: name), &issues)
    }

    func bool(_ name: String, _ issues: inout YAMLIssues) -> Bool? {
        guard let node = node(name, &issues) else { return nil }
        guard case .scalar(let scalar) = node, scalar.style == .plain, let value = Bool(scalar.string) else {
            issues.add(node.position, path(of: name), "must be true or false, not \(node.kind)")
            return nil
        }
        return value
    }

    func number(_ name: String, _ issues: inout YAMLIssues) -> Double? {
        guard let node = node(name, &issues) else { return nil }
        return Self.number(node, path(of: name), &issues)
    }

    func integer(_ name: String, _ issues: inout YAMLIssues) -> Int? {
        guard let node = node(name, &issues) else { return nil }
        guard case .scalar(let scalar) = node, scalar.style == .plain, let value = Int(scalar.string) else {
            issues.add(node.position, path(of: name), "must be a whole number, not \(node.kind)")
            return nil
        }
        return value
    }

    func duration(_ name: String, _ issues: inout YAMLIssues) -> Duration? {
        guard let node = node(name, &issues) else { return nil }
        guard case .scalar(let scalar) = node, let value = Duration(compactText: scalar.string) else {
            issues.add(node.position, path(of: name), "\(node.kind) is not a time such as 30s, 5m or 1h30m")
            return nil
        }
        return value
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String,
        of type: Choice.Type,
        _ issues: inout YAMLIssues
    ) -> Choice? {
        guard let node = node(name, &issues) else { return nil }
        if case .scalar(let scalar) = node, let choice = Choice(rawValue: scalar.string) { return choice }
        let accepted = Choice.allCases.map(\.rawValue)
        let hint = issues.hint(for: node.scalar?.string ?? "", among: accepted)
        issues.add(
            node.position,
            path(of: name),
            "\(node.kind) is not one of \(accepted.joined(separator: ", "))\(hint)"
        )
        return nil
    }

    func fields(_ name: String, accepted: [String]?, _ issues: inout YAMLIssues) -> YAMLFields? {
        guard let node = node(name, &issues) else { return nil }
        return YAMLFields(node, path: path(of: name), accepted: accepted, issues: &issues)
    }

    func elements(_ name: String, _ issues: inout YAMLIssues) -> [Node]? {
        guard let node = node(name, &issues) else { return nil }
        guard case .sequence(let sequence) = node else {
            issues.add(node.position, path(of: name), "must be a list, not \(node.kind)")
            return nil
        }
        for (index, element) in sequence.enumerated() {
            if let position = element.position { issues.place("\(path(of: name))[\(index)]", at: position) }
        }
        return Array(sequence)
    }

    func texts(_ name: String, _ issues: inout YAMLIssues) -> [String]? {
        guard let elements = elements(name, &issues) else { return nil }
        var texts: [String] = []
        for (index, element) in elements.enumerated() {
            if let text = Self.text(element, "\(path(of: name))[\(index)]", &issues) { texts.append(text) }
        }
        return texts
    }

    private static func text(_ node: Node, _ path: String, _ issues: inout YAMLIssues) -> String? {
        guard case .scalar(let scalar) = node, !node.isNull else {
            issues.add(node.position, path, "must be a text, not \(node.kind)")
            return nil
        }
        return scalar.string
    }

    static func number(_ node: Node, _ path: String, _ issues: inout YAMLIssues) -> Double? {
        guard case .scalar(let scalar) = node, scalar.style == .plain,
            scalar.string.utf8.allSatisfy({ (48...57).contains($0) || "+-.eE".utf8.contains($0) }),
            let value = Double(scalar.string), value.isFinite
        else {
            issues.add(node.position, path, "must be a number, not \(node.kind)")
            return nil
        }
        return value
    }
}
