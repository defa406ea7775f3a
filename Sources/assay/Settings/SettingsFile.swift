import ConfigFormats
import Foundation
import Yams

/// A settings file: YAML (and so JSON), nested or with dotted keys.
struct SettingsFile: Sendable {
    /// By key; empty texts are among them.
    private(set) var values: [String: GivenValue] = [:]
    /// A sentence each.
    private(set) var problems: [String] = []
    private let path: String

    /// Throws when nothing of it can be read.
    init(path: String) throws(SettingsError) {
        self.path = path
        let text: String
        do { text = try String(contentsOfFile: path, encoding: .utf8) } catch {
            throw SettingsError("cannot read the settings file \(path)")
        }
        let node: Node?
        do { node = try Yams.compose(yaml: text) } catch {
            throw SettingsError("\(path): \(Self.withoutText(of: error))")
        }
        switch node {
        case nil: break
        case .mapping(let mapping): add(mapping, "")
        case .scalar(let scalar) where scalar.string.isEmpty: break
        default: throw SettingsError("\(path): expected settings such as `store: {path: assay.db}`")
        }
        check()
    }

    private mutating func add(_ mapping: Node.Mapping, _ prefix: String) {
        for (key, value) in mapping {
            let line = key.mark?.line ?? 0
            guard let name = key.string else {
                problems.append("\(path):\(line): a key is not a text")
                continue
            }
            add(value, prefix.isEmpty ? name : "\(prefix).\(name)", line)
        }
    }

    private mutating func add(_ node: Node, _ key: String, _ line: Int) {
        let text: String
        switch node {
        case .mapping(let mapping): return add(mapping, key)
        case .sequence(let sequence):
            guard sequence.allSatisfy({ $0.scalar != nil }) else {
                problems.append("\(path):\(line): \(key): a list holds texts and numbers only")
                return
            }
            text = sequence.compactMap(\.string).joined(separator: ",")
        case .scalar(let scalar): text = scalar.string
        case .alias:
            problems.append("\(path):\(line): aliases are not accepted in a settings file")
            return
        }
        if let other = values[key] {
            problems.append("\(path):\(line): \(key) is given already (\(other.origin))")
        } else {
            values[key] = GivenValue(text: text, origin: .file(path: path, line: line))
        }
    }

    /// Every command's settings may be in the file; `kafka.` may be followed by properties of librdkafka.
    private mutating func check() {
        let known = SettingsCatalog.all.map(\.key)
        for (key, value) in values.sorted(by: { $0.key < $1.key }) where !key.hasPrefix("kafka.") {
            guard !known.contains(key) else { continue }
            let hint = Spelling.closest(to: key, among: known).map { " (did you mean \($0)?)" } ?? ""
            problems.append("\(value.origin): unknown setting \(key)\(hint)")
        }
    }

    /// Yams shows the line that is wrong, which may hold a secret.
    private static func withoutText(of error: any Error) -> String {
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            "line \(mark.line): \(problem)"
        case YamlError.duplicatedKeysInMapping(let duplicates, let context):
            "line \(context.mark.line): \(duplicates.map { "\($0)" }.joined(separator: ", ")) is given twice"
        default: "is not YAML"
        }
    }
}
