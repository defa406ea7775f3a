import Configuration
import Foundation
import Kafka

/// Reads settings: flags over environment over file. What no setting knows is an error.
struct SettingsLoader: Sendable {
    var reader: Setting.Reader
    /// The command line without the command's own options.
    var arguments: [String]
    var environment: [String: String]

    init(
        _ reader: Setting.Reader,
        arguments: [String],
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.reader = reader
        self.arguments = arguments
        // Kubernetes announces each service as NAME_PORT=tcp://…, whatever we mean by such a name.
        self.environment = environment.filter { !$0.value.hasPrefix("tcp://") && !$0.value.hasPrefix("udp://") }
    }

    func load() throws -> Settings {
        let catalog = SettingsCatalog.settings(for: reader)
        let flags = try FlagParser(catalog: catalog).parse(arguments)
        var providers: [any ConfigProvider] = [
            Self.provider("flags", flags.values), EnvironmentVariablesProvider(environmentVariables: environment),
        ]
        var fileKeys: [String: String] = [:]
        if let path = flags.file ?? environment["ASSAY_CONFIG"] {
            fileKeys = try SettingsFile.flattened(path: path)
            let known = Set(SettingsCatalog.all.map(\.key))
            if let unknown = fileKeys.keys.sorted().first(where: { !$0.hasPrefix("kafka.") && !known.contains($0) }) {
                throw SettingsError("\(path): unknown setting \(unknown)")
            }
            providers.append(Self.provider(path, fileKeys))
        }
        return Settings(
            values: ConfigReader(providers: providers),
            kafkaProperties: kafkaProperties(flags: flags.kafka, file: fileKeys)
        )
    }

    private static func provider(_ name: String, _ values: [String: String]) -> InMemoryProvider {
        let keyed = values.map { key, value in
            (
                AbsoluteConfigKey(key.split(separator: ".").map(String.init)),
                ConfigValue(.string(value), isSecret: false)
            )
        }
        return InMemoryProvider(name: name, values: Dictionary(uniqueKeysWithValues: keyed))
    }

    /// Everything under `kafka.` that is not a setting of ours goes to librdkafka.
    private func kafkaProperties(flags: [String: String], file: [String: String]) -> [String: String] {
        let own = SettingsCatalog.all.map(\.key).filter { $0.hasPrefix("kafka.") }
        var properties: [String: String] = [:]
        for (key, value) in file where key.hasPrefix("kafka.") && !own.contains(key) {
            properties[String(key.dropFirst("kafka.".count))] = value
        }
        let ownVariables = Set(SettingsCatalog.all.map(\.variable))
        for (name, value) in environment where name.hasPrefix("KAFKA_") && !ownVariables.contains(name) {
            let key = name.dropFirst("KAFKA_".count).lowercased().replacing("_", with: ".")
            // Other programs use the prefix too, and Kubernetes for its services: only what librdkafka knows is taken.
            guard KafkaConfiguration.isProperty(key), !KafkaConfiguration.managed.contains(key) else { continue }
            properties[key] = value
        }
        return properties.merging(flags) { $1 }
    }
}
