import Analysis
import Text
import Yams

/// What a YAML or JSON file may cost.
package struct YAMLLimits: Sendable, Equatable {
    package var maximumBytes: Int
    package var maximumDepth: Int
    /// Scalars, sequences and mappings of a file, each as often as aliases repeat it.
    package var maximumNodes: Int
    package var maximumDocuments: Int

    package init(
        maximumBytes: Int = 1_048_576,
        maximumDepth: Int = 32,
        maximumNodes: Int = 100_000,
        maximumDocuments: Int = 100
    ) {
        self.maximumBytes = maximumBytes
        self.maximumDepth = maximumDepth
        self.maximumNodes = maximumNodes
        self.maximumDocuments = maximumDocuments
    }
}

/// Parses the documents of a file, within limits, into Yams' nodes.
enum YAMLDocuments {
    /// The text without the byte order mark that editors on Windows put before it.
    static func withoutMark(_ text: String) -> String {
        text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    }

    /// What the documents of a file are, in order; all that is wrong in them together.
    ///
    /// - Parameters:
    ///   - content: what the file holds, in the singular, for an error.
    ///   - most: how many of them are served.
    static func read<Content>(
        _ text: String,
        file: String,
        limits: YAMLLimits = YAMLLimits(),
        holding content: String,
        atMost most: Int = .max,
        _ document: (Node, inout YAMLIssues) -> Content?
    ) throws(PlanFileErrors) -> [Content] {
        let text = withoutMark(text)
        var issues = YAMLIssues(file: file, source: text)
        let roots = parse(text, limits: limits, issues: &issues)
        var contents: [Content] = []
        for root in roots {
            issues.startDocument()
            if let content = document(root, &issues) { contents.append(content) }
        }
        if roots.isEmpty, issues.isEmpty { issues.add(nil, "", "holds no \(content)") }
        if roots.count > most {
            issues.add(nil, "", "holds \(roots.count) \(content)s; at most \(most) are served")
        }
        guard issues.isEmpty else { throw issues.result }
        return contents
    }

    /// Documents that can be read; those with nothing in them are left out. Errors go to `issues`.
    static func parse(_ text: String, limits: YAMLLimits, issues: inout YAMLIssues) -> [Node] {
        guard text.utf8.count <= limits.maximumBytes else {
            issues.add(nil, "", "has \(text.utf8.count) bytes; at most \(limits.maximumBytes) are accepted")
            return []
        }
        if let problem = YAMLAliases.problem(in: text) {
            issues.add(nil, "", problem)
            return []
        }
        var documents: [Node] = []
        do {
            // The basic resolver leaves every scalar a text: what it means is decided field by field.
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            var nodes = 0
            while let root = try parser.nextRoot() {
                guard documents.count < limits.maximumDocuments else {
                    issues.add(root.position, "", "more than \(limits.maximumDocuments) documents in a file")
                    break
                }
                if let problem = bound(root, depth: 0, limits: limits, nodes: &nodes) {
                    issues.add(problem.position, "", problem.text)
                    break
                }
                if !root.isNull { documents.append(root) }
            }
        } catch let error as YamlError {
            let (position, problem) = describe(error, text: text)
            issues.add(position, "", problem)
        } catch {
            issues.add(nil, "", "cannot be read as YAML")
        }
        return documents
    }

    private static func bound(
        _ node: Node,
        depth: Int,
        limits: YAMLLimits,
        nodes: inout Int
    ) -> (position: FilePosition?, text: String)? {
        nodes += 1
        guard nodes <= limits.maximumNodes else {
            return (node.position, "the file has more than \(limits.maximumNodes) values, counting what aliases repeat")
        }
        guard depth <= limits.maximumDepth else {
            return (node.position, "values are nested more than \(limits.maximumDepth) deep")
        }
        switch node {
        case .sequence(let sequence):
            for element in sequence {
                if let problem = bound(element, depth: depth + 1, limits: limits, nodes: &nodes) { return problem }
            }
        case .mapping(let mapping):
            for (key, value) in mapping {
                if let problem = bound(key, depth: depth + 1, limits: limits, nodes: &nodes) { return problem }
                if let problem = bound(value, depth: depth + 1, limits: limits, nodes: &nodes) { return problem }
            }
        case .scalar, .alias: break
        }
        return nil
    }

    private static func describe(_ error: YamlError, text: String) -> (FilePosition?, String) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let isFlow = context?.text.contains("flow") ?? false
            let hint = isFlow ? "; inside of {…} and […] a text with a comma, a bracket or a brace needs quotes" : ""
            let context = context.map { " \($0.text) that begins in line \($0.mark.line)" } ?? ""
            return (FilePosition(line: mark.line, column: mark.column), "is not YAML: \(problem)\(context)\(hint)")
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.prefix(5).map { "\"\($0.excerpt())\"" }.joined(separator: ", ")
            return (
                FilePosition(line: context.mark.line, column: context.mark.column),
                "\(names) \(keys.count == 1 ? "is" : "are") given more than once in the same object"
            )
        case .reader(let problem, let offset, _, _):
            let before = text.prefix(offset ?? 0)
            let line = before.reduce(1) { $0 + ($1.isNewline ? 1 : 0) }
            return (offset.map { _ in FilePosition(line: line, column: 1) }, "is not YAML: \(problem)")
        default: return (nil, "cannot be read as YAML")
        }
    }
}

extension Node {
    var position: FilePosition? { mark.map { FilePosition(line: $0.line, column: $0.column) } }

    /// Nothing at all, `~` or `null`, without quotes.
    var isNull: Bool {
        guard case .scalar(let scalar) = self, scalar.style == .plain || scalar.style == .any else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    /// The kind of value in the words of an error message.
    var kind: String {
        switch self {
        case .scalar(let scalar): isNull ? "nothing" : "\"\(scalar.string.excerpt())\""
        case .mapping: "an object"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }
}
