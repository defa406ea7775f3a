package import Kafka

/// How topics that are missing are created. Topics that are there stay as they are.
package struct CreatedTopics: Sendable, Equatable {
    private var partitions: Int32
    /// -1 leaves it to the broker.
    private var replication: Int32
    private var shared: [String: String] = [:]
    private var retention: Duration?
    private var rolloutRetention: Duration?

    package init(_ settings: Settings) throws(SettingsError) {
        partitions = Int32(clamping: try settings.integer("topics.partitions"))
        replication = settings.isGiven("topics.replication") ? Int32(try settings.integer("topics.replication")) : -1
        for (key, property) in [
            ("topics.minInsyncReplicas", "min.insync.replicas"),
            ("topics.maxMessageBytes", "max.message.bytes"),
        ] where settings.isGiven(key) {
            shared[property] = String(try settings.integer(key))
        }
        retention = settings.isGiven("topics.retention") ? try settings.duration("topics.retention") : nil
        rolloutRetention =
            settings.isGiven("topics.rolloutRetention") ? try settings.duration("topics.rolloutRetention") : nil
    }

    /// - Parameter isLedger: the topic is what the rollout controller remembers by.
    package func topic(_ name: String, isLedger: Bool = false) -> KafkaTopic {
        var settings = shared
        if let time = isLedger ? rolloutRetention : retention {
            settings["retention.ms"] = String(time.components.seconds * 1000)
        }
        return KafkaTopic(name, partitions: partitions, replication: replication, settings: settings)
    }
}
