/// How to reach Kafka: the brokers, and librdkafka properties passed through as they are.
///
/// librdkafka advises bindings not to keep a list of their own: an unknown property is refused by the library with a
/// text that names it. Properties that decide whether work can get lost are managed here and can't be overridden
/// (`KafkaConfiguration.managed`).
package struct KafkaConfiguration: Sendable, Equatable {
    /// `host:port`, comma-separated.
    package var brokers: String
    /// librdkafka properties, without a prefix: `security.protocol`, `sasl.mechanism`, ...
    package var properties: [String: String]
    /// Shown in the broker's logs. Shortened to 60 characters: librdkafka 2.5.0 crashes on long ones.
    package var clientID: String
    /// Where the clients made with this are registered; nil for nowhere.
    package var clients: KafkaClients?
    /// Made by `embedded`: the broker is one that can't do all that Kafka can.
    package private(set) var isEmbedded = false

    package init(brokers: String, properties: [String: String] = [:], clientID: String = "assay") {
        self.brokers = brokers
        self.properties = properties
        self.clientID = clientID
    }

    /// The most bytes of an answer of the brokers, unless more are configured: several times what they take in a batch. What
    /// zstd makes of a batch is bounded by it too.
    package static let greatestAnswer = 8 << 20

    /// What a client of the embedded broker needs.
    ///
    /// The broker keeps no record of members that left: a group that became empty can be joined again only after the
    /// session time-out, so it is short (6 s, the least that joins reliably). Topics come into being on first use.
    package static func embedded(
        _ bootstrapServers: String,
        properties: [String: String] = [:],
        clientID: String = "assay"
    ) -> KafkaConfiguration {
        let needed = [
            "session.timeout.ms": "6000",
            "heartbeat.interval.ms": "1000",
            "allow.auto.create.topics": "true",
            "topic.metadata.refresh.interval.ms": "2000",
        ]
        var configuration = KafkaConfiguration(
            brokers: bootstrapServers,
            properties: needed.merging(properties) { _, chosen in chosen },
            clientID: clientID
        )
        configuration.isEmbedded = true
        return configuration
    }

    /// The properties as they may be shown: every value whose key speaks of a secret reads `<redacted>`.
    package var redacted: [String: String] {
        var shown = self.properties
        for key in shown.keys where KafkaConfiguration.isSecret(key) { shown[key] = "<redacted>" }
        if self.clients?.password != nil { shown["sasl.password"] = "<redacted>" }
        shown["bootstrap.servers"] = self.brokers
        shown["client.id"] = self.clientID
        return shown
    }

    /// A key that matches `password`, `secret`, `pem`, `key`, `token` or `config`, in any case; the place of a key is none.
    package static func isSecret(_ key: String) -> Bool {
        let lowered = key.lowercased()
        guard !lowered.hasSuffix(".location") else { return false }
        return ["password", "secret", "pem", "key", "token", "config"].contains { lowered.contains($0) }
    }

    /// Why a property cannot be set to a value, without showing secrets; nil when it can.
    package static func problem(of name: String, value: String) -> String? {
        if managed.contains(name) { return "is managed by the service and can't be set" }
        return NativeLibrary.problem(of: name, value: value)
    }

    /// Whether librdkafka knows a property of this name.
    package static func isProperty(_ name: String) -> Bool { NativeLibrary.isProperty(name) }

    /// Properties that are set by the clients themselves; naming one of them is an error.
    package static let managed: Set<String> = [
        "bootstrap.servers", "metadata.broker.list", "client.id", "group.id", "enable.auto.commit",
        "enable.auto.offset.store", "enable.idempotence", "enable.partition.eof", "test.mock.num.brokers",
        "transactional.id",
    ]
}

/// A value that holds one may be printed as a whole: a log of services does.
extension KafkaConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "KafkaConfiguration(\(self.redacted.sorted { $0.key < $1.key }))" }
    package var debugDescription: String { self.description }
    package var customMirror: Mirror { Mirror(self, children: ["brokers": self.brokers]) }
}

/// The version of librdkafka that runs, such as `2.0.2`.
package func kafkaLibraryVersion() -> String {
    NativeLibrary.version
}

/// Whether librdkafka was built with something, such as `zstd`.
package func kafkaLibraryHas(_ feature: String) -> Bool {
    NativeLibrary.features.contains(feature)
}
