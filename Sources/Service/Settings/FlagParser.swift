import PlanFormats

/// Flags such as `--web-port 8080`, `--web-port=8080`, and `--kafka-…` for librdkafka.
package struct FlagParser: Sendable {
    package var catalog: [Setting]

    package struct Parsed: Equatable {
        /// A sentence each.
        package var problems: [String] = []
        /// By setting key.
        package var values: [String: String] = [:]
        /// By librdkafka property.
        package var kafka: [String: String] = [:]
        /// `--config`
        package var file: String?
    }

    /// Throws when there is any problem.
    package func parse(_ arguments: [String]) throws(SettingsError) -> Parsed {
        let parsed = read(arguments)
        if let error = SettingsError(parsed.problems) { throw error }
        return parsed
    }

    /// What can be read, and every problem of the rest.
    package func read(_ arguments: [String]) -> Parsed {
        var parsed = Parsed()
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("--"), argument.count > 2 else {
                parsed.problems.append("unexpected argument \(argument)")
                continue
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
                // An empty variable in a script must not become a broker named true.
                guard isSwitch(flag) else {
                    parsed.problems.append("\(flag) needs a value")
                    continue
                }
                value = "true"
            }
            if flag == "--config" {
                parsed.file = value
            } else if let setting = catalog.first(where: { $0.flag == flag }) {
                parsed.values[setting.key] = value
            } else if flag.hasPrefix("--kafka-") {
                parsed.kafka[String(flag.dropFirst("--kafka-".count).replacing("-", with: "."))] = value
            } else {
                parsed.problems.append("unknown option \(flag)\(suggestion(for: flag)); see --help")
            }
        }
        return parsed
    }

    /// Whether the flag may stand alone, for true. Properties of librdkafka may: whether they are switches is its matter.
    private func isSwitch(_ flag: String) -> Bool {
        guard flag != "--config" else { return false }
        guard let setting = catalog.first(where: { $0.flag == flag }) else { return true }
        return setting.kind == .truth
    }

    private func suggestion(for flag: String) -> String {
        Spelling.closest(to: flag, among: catalog.map(\.flag)).map { " (did you mean \($0)?)" } ?? ""
    }
}
