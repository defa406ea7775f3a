import Configuration
import Foundation
import SystemPackage
import Yams

/// Reads settings: flags over environment over file. What no setting knows is an error.
struct SettingsLoader: Sendable {
    var reader: Setting.Reader
    /// The command line without the command's own options.
    var arguments: [String]
    var environment: [String: String]

    init(
        _ reader: Setting.Reader, arguments: [String],
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.reader = reader
        self.arguments = arguments
        self.environment = environment
    }

    func load() async throws -> Settings {
        let catalog = SettingsCatalog.settings(for: reader)
        let flags = try FlagParser(catalog: catalog).parse(arguments)
        let path = flags.file ?? environment["ASSAY_CONFIG"]
        let secrets = SecretsSpecifier<String, String>.none
        var providers: [any ConfigProvider] = [
            InMemoryProvider(
                name: "flags",
                values: Dictionary(
                    uniqueKeysWithValues: flags.values.map { key, value in
                        (AbsoluteConfigKey(key.split(separator: ".").map(String.init)), .init(.string(value), isSecret: false))
                    }
                )
            ),
            EnvironmentVariablesProvider(environmentVariables: environment, secretsSpecifier: secrets),
        ]
        var fileKeys: [String: String] = [:]
        if let path {
            fileKeys = try SettingsFile.flattened(path: path)
            if let unknown = fileKeys.keys.sorted().first(where: { key in
                !key.hasPrefix("kafka.") && !SettingsCatalog.all.contains { $0.key == key }
            }) {
                throw SettingsError("\(path): unknown setting \(unknown)")
            }
            providers.append(
                InMemoryProvider(
                    name: path,
                    values: Dictionary(
                        uniqueKeysWithValues: fileKeys.map { key, value in
                            (AbsoluteConfigKey(key.split(separator: ".").map(String.init)), .init(.string(value), isSecret: false))
                        }
                    )
                )
            )
        }
        return Settings(
            values: ConfigReader(providers: providers),
            catalog: catalog,
            kafkaProperties: kafkaProperties(flags: flags.kafka, file: fileKeys)
        )
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
            // Other programs use the prefix too; only what is a property of librdkafka by its first word is one.
            if Self.propertyPrefixes.contains(where: { key.hasPrefix($0) }) { properties[key] = value }
        }
        return properties.merging(flags) { $1 }
    }

    private static let propertyPrefixes = [
        "security.", "ssl.", "sasl.", "client.", "socket.", "message.", "session.", "fetch.", "queued.", "enable.",
        "linger.", "compression.", "max.", "reconnect.", "broker.", "metadata.", "group.instance.", "debug",
    ]
}

/// Flags such as `--web-port 8080`, `--web-port=8080`, and `--kafka-…` for librdkafka.
struct FlagParser: Sendable {
    var catalog: [Setting]

    struct Parsed: Equatable {
        /// By setting key.
        var values: [String: String] = [:]
        /// By librdkafka property.
        var kafka: [String: String] = [:]
        /// `--config`
        var file: String?
    }

    func parse(_ arguments: [String]) throws(SettingsError) -> Parsed {
        var parsed = Parsed()
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("--"), argument.count > 2 else {
                throw SettingsError("unexpected argument \(argument)")
            }
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let flag = String(parts[0])
            let value: String
            if parts.count == 2 {
                value = String(parts[1])
            } else if let next = rest.first, !next.hasPrefix("--") {
                value = next
                rest.removeFirst()
            } else {
                value = "true"
            }
            if flag == "--config" {
                parsed.file = value
            } else if let setting = catalog.first(where: { $0.flag == flag }) {
                parsed.values[setting.key] = value
            } else if flag.hasPrefix("--kafka-") {
                parsed.kafka[flag.dropFirst("--kafka-".count).replacing("-", with: ".")] = value
            } else {
                throw SettingsError("unknown option \(flag)\(suggestion(for: flag)); see --help")
            }
        }
        return parsed
    }

    private func suggestion(for flag: String) -> String {
        let near = catalog.map(\.flag).min { Self.distance($0, flag) < Self.distance($1, flag) }
        guard let near, Self.distance(near, flag) <= 3 else { return "" }
        return " (did you mean \(near)?)"
    }

    /// Levenshtein distance.
    static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count]
    }
}

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
        _ node: Node, _ prefix: String, into values: inout [String: String], path: String
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
