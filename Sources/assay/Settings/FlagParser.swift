import ConfigFormats

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
                // An empty variable in a script must not become a broker named true.
                guard isSwitch(flag) else { throw SettingsError("\(flag) needs a value") }
                value = "true"
            }
            if flag == "--config" {
                parsed.file = value
            } else if let setting = catalog.first(where: { $0.flag == flag }) {
                parsed.values[setting.key] = value
            } else if flag.hasPrefix("--kafka-") {
                parsed.kafka[String(flag.dropFirst("--kafka-".count).replacing("-", with: "."))] = value
            } else {
                throw SettingsError("unknown option \(flag)\(suggestion(for: flag)); see --help")
            }
        }
        return parsed
    }

    /// Whether the flag may stand alone, for true. Properties of librdkafka may: whether they are switches is its matter.
    private func isSwitch(_ flag: String) -> Bool {
        guard flag != "--config" else { return false }
        guard let setting = catalog.first(where: { $0.flag == flag }) else { return true }
        return setting.defaultText == "false" || setting.defaultText == "true"
    }

    private func suggestion(for flag: String) -> String {
        Spelling.closest(to: flag, among: catalog.map(\.flag)).map { " (did you mean \($0)?)" } ?? ""
    }
}
