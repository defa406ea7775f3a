import ConfigFormats
import Kafka

/// Environment variables that look like a slip of the pen. They may belong to another program, so none is an error.
enum VariableSpelling {
    /// A sentence for each variable that is named almost like a setting and begins like one.
    static func warnings(about environment: [String: String]) -> [String] {
        let known = SettingsCatalog.all.map(\.variable)
        let sections = Set(SettingsCatalog.all.map { section(of: $0.variable) })
        return environment.keys.sorted().compactMap { name in
            guard !known.contains(name), sections.contains(section(of: name)), !isProperty(name),
                let meant = Spelling.closest(to: name, among: known.filter { section(of: $0) == section(of: name) }),
                abs(meant.count - name.count) <= 2
            else { return nil }
            return "the variable \(name) is no setting (did you mean \(meant)?)"
        }
    }

    /// `PROMETHEUS_`; a name without an underscore is its own section.
    private static func section(of variable: String) -> Substring {
        variable.firstIndex(of: "_").map { variable[...$0] } ?? variable[...]
    }

    private static func isProperty(_ name: String) -> Bool {
        guard name.hasPrefix("KAFKA_") else { return false }
        return KafkaConfiguration.isProperty(name.dropFirst("KAFKA_".count).lowercased().replacing("_", with: "."))
    }
}
