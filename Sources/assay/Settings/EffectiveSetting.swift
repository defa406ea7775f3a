import HTTPTransport
import Kafka
import Postgres

/// One setting as it is in effect, without secrets.
struct EffectiveSetting: Sendable, Equatable {
    var key: String
    /// Nil when nobody gave one and there is no default.
    var shown: String?
    var origin: SettingOrigin

    /// Every setting of a command, and the properties that go to librdkafka.
    static func all(_ settings: Settings, for reader: Setting.Reader) -> [EffectiveSetting] {
        let own = SettingsCatalog.settings(for: reader).map { setting in
            EffectiveSetting(
                key: setting.key,
                shown: settings.text(setting.key).map { show($0, setting) },
                origin: settings.origin(setting.key)
            )
        }
        let properties = settings.kafka.sorted { $0.key < $1.key }.map { name, value in
            EffectiveSetting(
                key: "kafka.\(name)",
                shown: KafkaConfiguration.isSecret(name) ? Redaction.mark : value.text,
                origin: value.origin
            )
        }
        // Properties stand with the settings of Kafka.
        let index = own.lastIndex { $0.key.hasPrefix("kafka.") }.map { $0 + 1 } ?? 0
        return own[..<index] + properties + own[index...]
    }

    private static func show(_ text: String, _ setting: Setting) -> String {
        switch setting.key {
        case "database.url":
            (try? PostgresConfiguration(connectionString: text))?.redacted ?? Redaction.mark
        case "prometheus.headers":
            text.split(separator: ";").map { header in
                "\(header.prefix { $0 != ":" }.trimmingWhitespace()): \(Redaction.mark)"
            }.joined(separator: "; ")
        case "prometheus.parameters":
            text.split(separator: "&").map { pair in
                let name = pair.prefix { $0 != "=" }
                return Redaction.isSecret(headerName: String(name)) ? "\(name)=\(Redaction.mark)" : String(pair)
            }.joined(separator: "&")
        default:
            setting.isSecret ? Redaction.mark : setting.kind == .address ? showAddress(text) : text
        }
    }

    /// User, password and query can hold credentials.
    private static func showAddress(_ text: String) -> String {
        let shown = Redaction.url(text)
        return shown.utf8.count == text.utf8.count ? shown : "\(shown) (partly \(Redaction.mark))"
    }
}
