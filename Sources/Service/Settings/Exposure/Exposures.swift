import HTTPTransport
import Kafka
import Text

/// What the settings let others read: secrets on their way over the network, and in files.
///
/// None of it keeps a process from starting, since a network may be trusted for reasons that no program knows. It is said
/// until it is mended: in the log at the start and every hour, on `/readyz`, and by `assay config`.
package struct Exposures: Sendable, Equatable {
    package struct Finding: Sendable, Equatable, CustomStringConvertible {
        package var setting: String
        package var sentence: String

        package var description: String { "\(setting): \(sentence)" }
    }

    package let findings: [Finding]

    package init(_ settings: Settings, for reader: Setting.Reader) {
        let names = Set(SettingsCatalog.settings(for: reader).map(\.id))
        findings =
            Self.database(settings, names) + Self.tokens(settings, names) + Self.notifications(settings, names)
            + Self.kafka(settings, reader) + Self.files(settings, reader)
    }

    /// For `/readyz`, where names of settings are said and nothing of what they hold; nil when there is nothing to say.
    package var summary: String? {
        guard !findings.isEmpty else { return nil }
        let names = Set(findings.map(\.setting)).sorted().joined(separator: ", ")
        return "others can read what is secret, see the log: \(names)"
    }

    private static func database(_ settings: Settings, _ names: Set<SettingKey>) -> [Finding] {
        guard names.contains(.databaseUrl), let sentence = try? DatabaseSettings.exposure(settings) else { return [] }
        return [Finding(setting: SettingKey.databaseUrl.rawValue, sentence: sentence)]
    }

    /// Addresses, and what is sent to them in confidence.
    private static let credentials: [(address: SettingKey, secrets: [SettingKey])] = [
        (.prometheusUrl, [.prometheusBearerToken, .prometheusPassword, .prometheusHeaders, .prometheusParameters]),
        (.grafanaUrl, [.grafanaToken]), (.webhookUrl, [.webhookBearerToken]),
        (.rolloutWebhookUrl, [.rolloutWebhookToken]), (.assayUrl, [.assayToken]),
    ]

    private static func tokens(_ settings: Settings, _ names: Set<SettingKey>) -> [Finding] {
        credentials.filter { names.contains($0.address) }.compactMap { address, secrets in
            guard let url = settings.text(address), url.lowercased().hasPrefix("http://"),
                !LoopbackHost.contains(address: url),
                let secret = secrets.first(where: { isSent($0, settings) })
            else { return nil }
            return Finding(
                setting: address.rawValue,
                sentence:
                    "\(secret.rawValue) travels unencrypted to \(Redaction.url(url)), where every machine on the way"
                    + " can read it: use https"
            )
        }
    }

    private static func isSent(_ key: SettingKey, _ settings: Settings) -> Bool {
        guard settings.isGiven(key) || key.file.map(settings.isGiven) == true else { return false }
        switch key {
        // Most headers name a tenant, and most parameters how to query: neither is secret.
        case .prometheusHeaders:
            guard let headers = try? settings.secret(key).flatMap({ try? SecretHeaders($0) }) else { return false }
            return headers.hasCredentials
        case .prometheusParameters:
            return (try? HTTPClients.parameters(settings.text(key)))?.contains {
                Redaction.isSecret(headerName: $0.name)
            } == true
        default: return true
        }
    }

    private static func notifications(_ settings: Settings, _ names: Set<SettingKey>) -> [Finding] {
        guard names.contains(.notificationsFile) else { return [] }
        return NotificationSettings.exposures(settings).map {
            Finding(setting: SettingKey.notificationsFile.rawValue, sentence: $0)
        }
    }

    private static func kafka(_ settings: Settings, _ reader: Setting.Reader) -> [Finding] {
        guard [.serve, .rollout, .pipeline].contains(reader),
            settings.kafkaProperties["security.protocol"]?.lowercased() == "sasl_plaintext",
            // The others prove that both know the password, without sending it.
            (settings.kafkaProperties["sasl.mechanism"] ?? settings.kafkaProperties["sasl.mechanisms"]) == "PLAIN"
        else { return [] }
        let brokers = settings.list(.kafkaBrokers).filter { broker in
            let host = broker.hasPrefix("[") ? broker.prefix { $0 != "]" } + "]" : broker.prefix { $0 != ":" }
            return !LoopbackHost.contains(host)
        }
        guard let first = brokers.first else { return [] }
        return [
            Finding(
                setting: "kafka.security.protocol",
                sentence: "the SASL password travels unencrypted to \(Redaction.url(first)): use SASL_SSL"
            )
        ]
    }

    /// Files of other users, mostly root's; those of the process' own user are refused.
    private static func files(_ settings: Settings, _ reader: Setting.Reader) -> [Finding] {
        settings.secretFiles(for: reader).compactMap { name, path in
            guard case .readByOthers(isOwn: false)? = SecretFileAccess(path) else { return nil }
            return Finding(
                setting: name,
                sentence:
                    "every user of this machine can read \(path), which holds a secret: take that right away (chmod o-r)"
            )
        }
    }
}
