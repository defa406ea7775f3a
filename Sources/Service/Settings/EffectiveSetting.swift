import HTTPTransport
import Kafka
import Postgres

/// One setting as it is in effect, without secrets.
package struct EffectiveSetting: Sendable, Equatable {
    package var key: String
    /// Nil when none was given and there is no default.
    package var shown: String?
    package var origin: SettingOrigin
    /// What is shown is not all of it.
    package var isRedacted = false

    /// Every setting of a command, and the properties that go to librdkafka, by name.
    package static func all(_ settings: Settings, for reader: Setting.Reader) -> [EffectiveSetting] {
        let own = SettingsCatalog.settings(for: reader).map { setting in
            let text = settings.text(setting.id)
            let shown = text.map { show($0, setting) }
            return EffectiveSetting(
                key: setting.key,
                shown: shown,
                origin: settings.origin(setting.id),
                isRedacted: shown != text
            )
        }
        let properties = settings.kafka.sorted { $0.key < $1.key }.map { name, value in
            // Addresses of proxies and token servers may hold a password too.
            let shown = KafkaConfiguration.isSecret(name) ? Redaction.mark : Redaction.words(value.text)
            return EffectiveSetting(
                key: "kafka.\(name)",
                shown: shown,
                origin: value.origin,
                isRedacted: shown != value.text
            )
        }
        return (own + properties).sorted { $0.key < $1.key }
    }

    private static func show(_ text: String, _ setting: Setting) -> String {
        switch setting.id {
        case .databaseUrl:
            (try? PostgresConfiguration(connectionString: text))?.redacted ?? Redaction.mark
        case .kafkaBrokers: KafkaWiring.withoutUsers(text)
        case .prometheusHeaders:
            text.split(separator: ";").map { header in
                // What has no name is shown in no part.
                guard let colon = header.firstIndex(of: ":") else { return Redaction.mark }
                return "\(header[..<colon].trimmingWhitespace()): \(Redaction.mark)"
            }.joined(separator: "; ")
        case .prometheusParameters:
            text.unicodeScalars.split(separator: "&").map { pair in
                guard let sign = pair.firstIndex(of: "=") else { return Redaction.mark }
                let name = String(pair[..<sign])
                return Redaction.isSecret(headerName: name) ? "\(name)=\(Redaction.mark)" : String(pair)
            }.joined(separator: "&")
        default:
            setting.isSecret || (setting.isHost && text.unicodeScalars.contains("@"))
                ? Redaction.mark : [.address, .endpoint].contains(setting.kind) ? showAddress(text) : text
        }
    }

    /// User, password and query can hold credentials.
    private static func showAddress(_ text: String) -> String {
        let shown = Redaction.url(text)
        return shown.utf8.count == text.utf8.count ? shown : "\(shown) (partly \(Redaction.mark))"
    }
}
