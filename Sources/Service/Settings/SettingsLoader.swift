import Foundation
import Kafka
import PlanFormats

/// Reads settings: flags over environment over file. What no setting knows is an error.
package struct SettingsLoader: Sendable {
    package var reader: Setting.Reader
    /// The command line without the command's own options.
    package var arguments: [String]
    package var environment: [String: String]

    package init(
        _ reader: Setting.Reader,
        arguments: [String],
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.reader = reader
        self.arguments = arguments
        // Kubernetes announces each service as NAME_PORT=tcp://…, whatever we mean by such a name.
        self.environment = environment.filter { !$0.value.hasPrefix("tcp://") && !$0.value.hasPrefix("udp://") }
    }

    /// What is wrong with the command line, a sentence each.
    package var flagProblems: [String] {
        FlagParser(catalog: SettingsCatalog.settings(for: reader)).read(arguments).problems
    }

    /// Throws ``SettingsError`` with every problem of the command's settings, and of the files they name.
    package func load() throws -> Settings {
        let (settings, problems) = read()
        if let error = SettingsError(problems + settings.fileProblems(for: reader)) { throw error }
        return settings
    }

    /// The settings as far as they can be read, and what is wrong, a sentence each.
    package func read() -> (settings: Settings, problems: [String]) {
        let flags = FlagParser(catalog: SettingsCatalog.settings(for: reader)).read(arguments)
        var problems = flags.problems
        var fromFile: [String: GivenValue] = [:]
        if let path = flags.file ?? environment["ASSAY_CONFIG"], !path.isEmpty {
            do throws(SettingsError) {
                let file = try SettingsFile(path: path)
                fromFile = file.values
                problems += file.problems
            } catch {
                problems += error.problems
            }
        }
        let given = given(flags: flags.values, file: fromFile)
        let kafka = kafka(flags: flags.kafka, file: fromFile).filter { !$0.value.text.isEmpty }
        let settings = Settings(
            given: given,
            kafka: kafka,
            warnings: VariableSpelling.warnings(about: environment) + Self.unusedSecrets(given),
            formerVariables: Self.formerVariables(given, kafka: kafka)
        )
        return (settings, problems + settings.problems(for: reader))
    }

    /// Those whose values are used: in the order of the catalogue, then Kafka's by name.
    private static func formerVariables(
        _ given: [String: GivenValue],
        kafka: [String: GivenValue]
    ) -> [FormerVariable] {
        let own = SettingsCatalog.all.compactMap { setting -> FormerVariable? in
            guard case .variable(let name)? = given[setting.key]?.origin, name == setting.formerVariable else {
                return nil
            }
            return FormerVariable(name: name, now: setting.variable)
        }
        let properties = kafka.values.compactMap { value -> String? in
            guard case .variable(let name) = value.origin, name.hasPrefix("KAFKA_") else { return nil }
            return name
        }
        return own + properties.sorted().map { FormerVariable(name: $0, now: SettingsCatalog.variablePrefix + $0) }
    }

    private static func unusedSecrets(_ given: [String: GivenValue]) -> [String] {
        SettingsCatalog.all.compactMap { setting in
            guard setting.isSecret, given[setting.key] != nil, given["\(setting.key)File"] != nil else { return nil }
            return "\(setting.key) is not used, because \(setting.key)File is given"
        }
    }

    /// By key. An empty text counts as not given.
    private func given(flags: [String: String], file: [String: GivenValue]) -> [String: GivenValue] {
        var given: [String: GivenValue] = [:]
        for setting in SettingsCatalog.all {
            let values = [flags[setting.key].map { GivenValue(text: $0, origin: .flag(setting.flag)) }]
            let variables = setting.variables.map { name in
                environment[name].map { GivenValue(text: $0, origin: .variable(name)) }
            }
            given[setting.key] = (values + variables + [file[setting.key]]).lazy.compactMap { $0 }.first {
                !$0.text.isEmpty
            }
        }
        return given
    }

    /// Everything under `kafka.` that is not a setting of ours goes to librdkafka.
    private func kafka(flags: [String: String], file: [String: GivenValue]) -> [String: GivenValue] {
        let own = SettingsCatalog.all.map(\.key).filter { $0.hasPrefix("kafka.") }
        var properties: [String: GivenValue] = [:]
        for (key, value) in file where key.hasPrefix("kafka.") && !own.contains(key) {
            properties[String(key.dropFirst("kafka.".count))] = value
        }
        let ownVariables = Set(SettingsCatalog.all.flatMap(\.variables))
        // In this order: the present name goes before the former one.
        for prefix in ["KAFKA_", SettingsCatalog.variablePrefix + "KAFKA_"] {
            for (name, value) in environment where name.hasPrefix(prefix) && !ownVariables.contains(name) {
                let key = name.dropFirst(prefix.count).lowercased().replacing("_", with: ".")
                // Other programs use the prefix too, and Kubernetes for its services: only what librdkafka knows is taken.
                guard KafkaConfiguration.isProperty(key), !KafkaConfiguration.managed.contains(key) else { continue }
                properties[key] = GivenValue(text: value, origin: .variable(name))
            }
        }
        for (name, value) in flags {
            let flag = "--kafka-\(name.replacing(".", with: "-"))"
            properties[name] = GivenValue(text: value, origin: .flag(flag))
        }
        return properties
    }
}
