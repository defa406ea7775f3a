import Kafka
import PlanFormats

/// Environment variables that look like a slip of the pen. They may belong to another program, so none is an error.
package enum VariableSpelling {
    /// A sentence for each variable that is named almost like a setting and begins like one.
    package static func warnings(about environment: [String: String]) -> [String] {
        let known = SettingsCatalog.all.flatMap(\.variables)
        let sections = Set(known.map { section(of: $0) })
        return environment.keys.sorted().compactMap { name in
            let section = Self.section(of: name)
            guard !known.contains(name), sections.contains(section), !isProperty(name) else { return nil }
            // Only the rest is compared: with its section, every name would be close to the others of it.
            let rests = known.filter { $0.hasPrefix(section) }.map { String($0.dropFirst(section.count)) }
            guard let rest = Spelling.closest(to: String(name.dropFirst(section.count)), among: rests) else {
                return nil
            }
            let meant = section + rest
            return "the variable \(name) is no setting (did you mean \(meant)?)"
        }
    }

    /// `PROMETHEUS_`, `ASSAY_PROMETHEUS_`; a name without an underscore is its own section.
    private static func section(of variable: String) -> Substring {
        let prefix = SettingsCatalog.variablePrefix
        let rest = variable.hasPrefix(prefix) ? variable.dropFirst(prefix.count) : variable[...]
        guard let end = rest.firstIndex(of: "_") else {
            return variable.hasPrefix(prefix) ? variable.prefix(prefix.count) : variable[...]
        }
        return variable[...end]
    }

    /// Whether a variable is a property of librdkafka.
    private static func isProperty(_ name: String) -> Bool {
        let prefix = SettingsCatalog.variablePrefix
        let name = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
        guard name.hasPrefix("KAFKA_") else { return false }
        return KafkaConfiguration.isProperty(name.dropFirst("KAFKA_".count).lowercased().replacing("_", with: "."))
    }
}
