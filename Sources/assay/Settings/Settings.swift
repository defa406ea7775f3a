import Analysis
import Configuration
import HTTPTransport

/// The effective settings of a command.
struct Settings: Sendable {
    let values: ConfigReader
    /// Properties that go to librdkafka as they are.
    let kafkaProperties: [String: String]

    /// The text of a setting, or its default; nil when it has neither.
    func text(_ key: String) -> String? {
        let given = values.string(forKey: ConfigKey(key), isSecret: setting(key)?.isSecret ?? false)
        if let given, !given.isEmpty { return given }
        return setting(key)?.defaultText
    }

    /// The text was given by somebody, not by default.
    func isGiven(_ key: String) -> Bool {
        values.string(forKey: ConfigKey(key), isSecret: setting(key)?.isSecret ?? false).map { !$0.isEmpty } ?? false
    }

    func required(_ key: String) throws(SettingsError) -> String {
        guard let text = text(key) else {
            let names = setting(key).map { "\($0.flag) or \($0.variable)" } ?? key
            throw SettingsError("\(key) is required (\(names))")
        }
        return text
    }

    func integer(_ key: String, in range: ClosedRange<Int>) throws(SettingsError) -> Int {
        let text = try required(key)
        guard let number = Int(text), range.contains(number) else {
            throw SettingsError(
                "\(key): \"\(text)\" is not a number between \(range.lowerBound) and \(range.upperBound)"
            )
        }
        return number
    }

    /// An http or https address; nil when it is not given.
    func address(_ key: String) throws(SettingsError) -> String? {
        guard let text = text(key) else { return nil }
        guard text.hasPrefix("http://") || text.hasPrefix("https://"), text.utf8.count > 8 else {
            throw SettingsError(
                "\(key): \"\(Redaction.url(text))\" is not an address that begins with http:// or https://"
            )
        }
        return text
    }

    func duration(_ key: String) throws(SettingsError) -> Duration {
        let text = try required(key)
        guard let duration = Duration(compactText: text) else {
            throw SettingsError("\(key): \"\(text)\" is not a time such as 500ms, 30s, 5m or 1h30m")
        }
        return duration
    }

    func flag(_ key: String) throws(SettingsError) -> Bool {
        switch try required(key) {
        case "true", "1", "yes", "on": return true
        case "false", "0", "no", "off": return false
        case let text: throw SettingsError("\(key): \"\(text)\" is neither true nor false")
        }
    }

    func choice<Value: RawRepresentable & CaseIterable>(
        _ key: String,
        _ type: Value.Type = Value.self
    ) throws(SettingsError) -> Value where Value.RawValue == String {
        let text = try required(key)
        guard let value = Value(rawValue: text) else {
            throw SettingsError(
                "\(key): \"\(text)\" is not one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        return value
    }

    /// A comma-separated list; empty when it is not given.
    func list(_ key: String) -> [String] {
        (text(key) ?? "").split(separator: ",").map { $0.trimmingWhitespace() }.filter { !$0.isEmpty }
    }

    /// A secret given as itself or by the file that holds it (`…File`).
    func secret(_ key: String) throws -> Secret? {
        if let path = text("\(key)File") { return try Secret(file: path) }
        return text(key).map { Secret($0) }
    }

    private func setting(_ key: String) -> Setting? { SettingsCatalog.all.first { $0.key == key } }
}

extension StringProtocol {
    func trimmingWhitespace() -> String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
