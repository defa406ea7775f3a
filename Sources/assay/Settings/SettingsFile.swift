import Foundation
import Yams

/// A settings file: YAML (and so JSON), nested or with dotted keys.
enum SettingsFile {
    static func flattened(path: String) throws -> [String: String] {
        let text: String
        do { text = try String(contentsOfFile: path, encoding: .utf8) } catch {
            throw SettingsError("cannot read the settings file \(path)")
        }
        let node: Node?
        do { node = try Yams.compose(yaml: text) } catch {
            throw SettingsError("\(path): \(error)")
        }
        var values: [String: String] = [:]
        if let node { try flatten(node, "", into: &values, path: path) }
        return values
    }

    private static func flatten(
        _ node: Node,
        _ prefix: String,
        into values: inout [String: String],
        path: String
    ) throws {
        switch node {
        case .mapping(let mapping):
            for (key, value) in mapping {
                guard let name = key.string else { throw SettingsError("\(path): a key is not a text") }
                try flatten(value, prefix.isEmpty ? name : "\(prefix).\(name)", into: &values, path: path)
            }
        case .sequence(let sequence):
            values[prefix] = sequence.compactMap(\.string).joined(separator: ",")
        case .scalar(let scalar):
            values[prefix] = scalar.string
        case .alias:
            throw SettingsError("\(path): aliases are not accepted in a settings file")
        }
    }
}
