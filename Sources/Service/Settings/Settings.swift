import Analysis
package import HTTPTransport
import Kafka

/// The effective settings of a command.
package struct Settings: Sendable {
    /// What was given, by key. Empty texts are not among them.
    package let given: [String: GivenValue]
    /// Properties that go to librdkafka as they are, by name.
    package let kafka: [String: GivenValue]
    /// What is accepted but probably not meant, a sentence each.
    package let warnings: [String]
    /// Variables that were given by the names of 0.1.0.
    package var formerVariables: [FormerVariable] = []
    /// Told about files of secrets that cannot be read any more.
    package let secrets = SecretWatch()

    package var kafkaProperties: [String: String] { kafka.mapValues(\.text) }

    /// The text of a setting, or its default; nil when it has neither.
    package func text(_ key: SettingKey) -> String? { given[key.rawValue]?.text ?? setting(key)?.defaultText }

    /// The text was given, and is not the default.
    package func isGiven(_ key: SettingKey) -> Bool { given[key.rawValue] != nil }

    package func origin(_ key: SettingKey) -> SettingOrigin {
        given[key.rawValue]?.origin ?? (setting(key)?.defaultText == nil ? .none : .standard)
    }

    package func required(_ key: SettingKey) throws(SettingsError) -> String {
        guard let text = text(key) else {
            let names = setting(key).map { "\($0.flag) or \($0.variable)" } ?? key.rawValue
            throw SettingsError("\(key.rawValue) is required (\(names))")
        }
        return text
    }

    /// Within the range that the setting allows.
    package func integer(_ key: SettingKey) throws(SettingsError) -> Int {
        let text = try checked(key, as: .number(Int.min...Int.max))
        return Int(text) ?? 0
    }

    /// An http or https address; nil when it is not given.
    package func address(_ key: SettingKey) throws(SettingsError) -> String? {
        guard text(key) != nil else { return nil }
        return try checked(key, as: setting(key)?.kind ?? .address)
    }

    package func duration(_ key: SettingKey) throws(SettingsError) -> Duration {
        Duration(compactText: try checked(key, as: .time(atLeast: .zero))) ?? .zero
    }

    package func flag(_ key: SettingKey) throws(SettingsError) -> Bool {
        SettingKind.truth(try checked(key, as: .truth)) ?? false
    }

    package func choice<Value: RawRepresentable & CaseIterable>(
        _ key: SettingKey,
        _ type: Value.Type = Value.self
    ) throws(SettingsError) -> Value where Value.RawValue == String {
        let kind = SettingKind.choice(Value.allCases.map(\.rawValue))
        let text = try checked(key, as: kind)
        guard let value = Value(rawValue: text) else {
            throw SettingsError("\(key.rawValue): \(kind.problem(text) ?? text)")
        }
        return value
    }

    /// A comma-separated list; empty when it is not given.
    package func list(_ key: SettingKey) -> [String] { SettingKind.parts(text(key) ?? "") }

    /// A secret given as itself or by the file that holds it (`…File`).
    package func secret(_ key: SettingKey) throws -> Secret? {
        if let file = key.file, let secret = try secret(inFile: file) { return secret }
        return text(key).map { Secret($0) }
    }

    /// A secret in the file that a setting names; nil when it is not given.
    package func secret(inFile key: SettingKey) throws -> Secret? {
        guard let path = text(key) else { return nil }
        return try Secret(file: path, observer: secrets.observer(of: key))
    }

    /// The certificates for a service: `prometheus.caFile` and so on.
    package func certificates(_ service: ServiceCertificates) -> TLSOptions {
        TLSOptions(
            caFile: text(service.caFile),
            certificateFile: text(service.certificateFile),
            keyFile: text(service.keyFile)
        )
    }

    /// What is wrong with the settings of a command, a sentence each.
    package func problems(for reader: Setting.Reader) -> [String] {
        SettingsCatalog.settings(for: reader).compactMap { setting in
            guard let value = given[setting.key], let problem = setting.problem(value.text) else { return nil }
            return "\(setting.key): \(problem) (\(value.origin))"
        } + kafkaProblems
    }

    /// What is wrong with the files that a command reads, a sentence each.
    package func fileProblems(for reader: Setting.Reader) -> [String] {
        SettingsCatalog.settings(for: reader).compactMap { setting in
            guard let value = given[setting.key], let problem = setting.kind.fileProblem(value.text) else { return nil }
            return "\(setting.key): \(problem) (\(value.origin))"
        } + secretFileProblems(for: reader)
    }

    private var kafkaProblems: [String] {
        kafka.sorted { $0.key < $1.key }.compactMap { name, value in
            KafkaConfiguration.problem(of: name, value: value.text).map {
                "kafka.\(name): \(Redaction.words($0)) (\(value.origin))"
            }
        }
    }

    /// The text of a setting that has one, in the form of its kind and of `kind`.
    private func checked(_ key: SettingKey, as kind: SettingKind) throws(SettingsError) -> String {
        let text = try required(key)
        let problems = [setting(key)?.problem(text), kind.problem(text)]
        if let problem = problems.lazy.compactMap({ $0 }).first {
            throw SettingsError("\(key.rawValue): \(problem) (\(origin(key)))")
        }
        return text
    }

    private func setting(_ key: SettingKey) -> Setting? { SettingsCatalog.byKey[key] }
}

/// A value that holds settings may be printed as a whole: a log of services does.
extension Settings: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "Settings(\(given.keys.sorted().joined(separator: ", ")))" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["given": given.keys.sorted()]) }
}

extension StringProtocol {
    package func trimmingWhitespace() -> String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
