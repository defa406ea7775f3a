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
        partitions = Int32(clamping: try settings.integer(.topicsPartitions))
        replication = settings.isGiven(.topicsReplication) ? Int32(try settings.integer(.topicsReplication)) : -1
        if settings.isGiven(.topicsMinInsyncReplicas) {
            shared["min.insync.replicas"] = String(try settings.integer(.topicsMinInsyncReplicas))
        }
        // gzip may have made a batch of a thousand times as many bytes, all of which a reader holds in memory at once; an
        // event and a verdict have at most 262,144.
        shared["max.message.bytes"] = String(try settings.integer(.topicsMaxMessageBytes))
        retention = settings.isGiven(.topicsRetention) ? try settings.duration(.topicsRetention) : nil
        rolloutRetention =
            settings.isGiven(.topicsRolloutRetention) ? try settings.duration(.topicsRolloutRetention) : nil
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
