import EventFormats
import JSON

/// The effective configuration of a command as text: what `assay config` prints.
package struct ConfigurationReport: Sendable {
    package enum Form: String, CaseIterable, Sendable {
        case table
        case yaml
        case json
    }

    package var command: Setting.Reader
    package var settings: [EffectiveSetting]

    package init(_ settings: Settings, for command: Setting.Reader) {
        self.command = command
        self.settings = EffectiveSetting.all(settings, for: command)
    }

    package func text(_ form: Form) -> String {
        switch form {
        case .table: table
        case .yaml: yaml
        case .json: json
        }
    }

    private var table: String {
        let rows = [("SETTING", "VALUE", "FROM")] + settings.map { ($0.key, $0.shown ?? "", "\($0.origin)") }
        let first = rows.map(\.0.count).max() ?? 0
        let second = min(60, rows.map(\.1.count).max() ?? 0)
        return rows.map { row in
            var line = "\(Self.padded(row.0, first))  \(Self.padded(row.1, second))  \(row.2)"
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }

    /// A settings file; where a value comes from is a comment, and so is a setting that is not shown as a whole.
    private var yaml: String {
        settings.compactMap { setting in
            setting.shown.map { shown in
                let line = "\(setting.key): \(JSONValue.string(shown).jsonText) # \(setting.origin)"
                return setting.isRedacted ? "# " + line : line
            }
        }.joined(separator: "\n")
    }

    private var json: String {
        let entries = settings.map { setting in
            let value = setting.shown.map { JSONValue.string($0).jsonText } ?? "null"
            let key = JSONValue.string(setting.key).jsonText
            return "    {\"key\": \(key), \"value\": \(value), \"from\": \(Self.json(setting.origin))}"
        }
        return "{\n  \"command\": \"\(command.rawValue)\",\n  \"settings\": [\n"
            + entries.joined(separator: ",\n") + "\n  ]\n}"
    }

    private static func json(_ origin: SettingOrigin) -> String {
        switch origin {
        case .flag(let name): "{\"kind\": \"flag\", \"name\": \(JSONValue.string(name).jsonText)}"
        case .variable(let name): "{\"kind\": \"variable\", \"name\": \(JSONValue.string(name).jsonText)}"
        case .file(let path, let line):
            "{\"kind\": \"file\", \"path\": \(JSONValue.string(path).jsonText), \"line\": \(line)}"
        case .standard: "{\"kind\": \"default\"}"
        case .none: "null"
        }
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
