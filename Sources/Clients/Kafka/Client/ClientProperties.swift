/// The properties of one client: our defaults, the user's, and the managed ones, in that order.
enum ClientProperties {
    /// The version from which cooperative rebalancing is safe: before, it may loop forever or crash on close.
    static let cooperativeSince: Int32 = 0x0206_01ff
    /// The version from which the consumer protocol of KIP-848 is generally available.
    static let consumerProtocolSince: Int32 = 0x020c_00ff

    /// What brokers allow unless they are told otherwise (`group.min.session.timeout.ms`), and what the library allows
    /// with its time between two polls.
    private static let shortestSession = Duration.seconds(6)
    private static let longestSession = Duration.seconds(300)

    static func consumer(
        _ configuration: KafkaConfiguration,
        groupID: String,
        commitInterval: Duration,
        sessionTimeout: Duration? = nil,
        version: Int32
    ) throws(KafkaError) -> [String: String] {
        var properties = [
            "auto.offset.reset": "earliest",
            "partition.assignment.strategy": version >= self.cooperativeSince ? "cooperative-sticky" : "range",
            // Once this much is queued, the library does not fetch for a second (before 2.2 that is fixed): the queue must
            // last as long, or reading a backlog stands still most of the time.
            "queued.min.messages": "20000",
            "queued.max.messages.kbytes": "16384",
            "isolation.level": "read_committed",
            "check.crcs": "true",
            "statistics.interval.ms": "15000",
            "topic.metadata.refresh.interval.ms": "30000",
            // A fetch that waits blocks the resuming of a partition for as long.
            "fetch.wait.max.ms": "200",
            // How far apart fetches are that meet something unreadable.
            "fetch.error.backoff.ms": "100",
        ]
        properties.merge(self.fetchLimits) { $1 }
        // With the new protocol the brokers have it among their settings, and the library refuses it.
        if let sessionTimeout, configuration.properties["group.protocol"] != "consumer" {
            let held = min(max(sessionTimeout, self.shortestSession), self.longestSession)
            properties["session.timeout.ms"] = String(held.wholeMilliseconds)
        }
        try self.overlay(configuration, over: &properties, version: version)
        self.adjustFetchLimits(&properties, configuration)
        properties["group.id"] = groupID
        // A search for the end of something unreadable must know where there is nothing more.
        properties["enable.partition.eof"] = "true"
        properties["enable.auto.offset.store"] = "false"
        properties["enable.auto.commit"] = "true"
        properties["auto.commit.interval.ms"] =
            configuration.properties["auto.commit.interval.ms"] ?? String(max(100, commitInterval.wholeMilliseconds))
        if properties["group.protocol"] == "consumer" {
            guard version >= self.consumerProtocolSince else {
                throw .configuration(
                    "group.protocol=consumer needs librdkafka 2.12 or later; this is \(NativeLibrary.version)."
                )
            }
            // The library refuses these with the new protocol, where the broker decides them.
            properties["partition.assignment.strategy"] = configuration.properties["partition.assignment.strategy"]
        }
        return properties
    }

    /// What bounds the memory that an answer of the brokers takes once it is decompressed, which the library does with the
    /// whole answer at once, before it looks at what is queued already: 16 KiB of batches, or one that is larger, each of
    /// which may become a thousand times as large with gzip, and as large as the greatest answer with zstd.
    ///
    /// A broker sends one batch whatever its size, so that a larger one holds nothing up.
    static let fetchLimits = [
        "fetch.message.max.bytes": "16384",
        "fetch.max.bytes": "16384",
    ]

    /// The library wants the limits in order, and makes no difference between what is sent and what is read.
    private static func adjustFetchLimits(_ properties: inout [String: String], _ configuration: KafkaConfiguration) {
        func number(_ name: String) -> Int { properties[name].flatMap { Int($0) } ?? 0 }
        let message = number("message.max.bytes")
        let fetch = number("fetch.max.bytes")
        if configuration.properties["receive.message.max.bytes"] == nil {
            let answer = max(KafkaConfiguration.greatestAnswer, message, fetch)
            properties["receive.message.max.bytes"] = String(min(answer, Int(Int32.max) - 65_536) + 65_536)
        }
        properties["message.max.bytes"] = String(max(1000, min(fetch, message == 0 ? fetch : message)))
    }

    /// What only members of a group are told.
    private static let ofGroups = [
        "group.protocol", "group.remote.assignor", "group.instance.id", "group.protocol.type", "session.timeout.ms",
        "heartbeat.interval.ms", "max.poll.interval.ms", "coordinator.query.interval.ms",
        "partition.assignment.strategy",
        "auto.commit.interval.ms",
    ]

    /// A reader is no member of any group, and asks for none.
    static func reader(_ configuration: KafkaConfiguration, version: Int32) throws(KafkaError) -> [String: String] {
        var configuration = configuration
        for name in self.ofGroups { configuration.properties[name] = nil }
        var properties = try self.consumer(configuration, groupID: "", commitInterval: .zero, version: version)
        for name in self.ofGroups + ["group.id"] { properties[name] = nil }
        properties["enable.auto.commit"] = "false"
        return properties
    }

    static func producer(
        _ configuration: KafkaConfiguration,
        linger: Duration,
        version: Int32,
        features: Set<String> = NativeLibrary.features
    ) throws(KafkaError) -> [String: String] {
        var properties = [
            "linger.ms": String(max(0, linger.wholeMilliseconds)),
            "compression.type": features.contains("lz4") ? "lz4" : "none",
            "message.timeout.ms": "120000",
            // A topic that takes one verdict or event in a batch takes this.
            "batch.size": "262144",
            // Java's partitioner, so that a key has the same partition from every client.
            "partitioner": "murmur2_random",
        ]
        try self.overlay(configuration, over: &properties, version: version)
        properties["enable.idempotence"] = "true"
        return properties
    }

    /// A producer with a transactional id.
    ///
    /// Messages expire before the transaction does, and a request that is lost is noticed early enough to be repeated.
    static func transactional(
        _ configuration: KafkaConfiguration,
        id: String,
        timeout: Duration,
        version: Int32
    ) throws(KafkaError) -> [String: String] {
        guard !id.isEmpty, id.utf8.count <= 1000 else {
            throw .configuration("A Kafka transactional id has 1 to 1000 bytes.")
        }
        let milliseconds = timeout.wholeMilliseconds
        guard (1000...900_000).contains(milliseconds) else {
            throw .configuration("The time-out of a Kafka transaction is one second to 15 minutes.")
        }
        var properties = try self.producer(configuration, linger: .milliseconds(1), version: version)
        func lower(_ name: String, to limit: Int) {
            properties[name] = String(min(configuration.properties[name].flatMap { Int($0) } ?? limit, limit))
        }
        properties["transactional.id"] = id
        properties["transaction.timeout.ms"] = String(milliseconds)
        properties["delivery.timeout.ms"] = nil
        lower("message.timeout.ms", to: milliseconds / 4 * 3)
        lower("socket.timeout.ms", to: max(1000, milliseconds / 3))
        return properties
    }

    static func admin(_ configuration: KafkaConfiguration, version: Int32) throws(KafkaError) -> [String: String] {
        var properties: [String: String] = [:]
        try self.overlay(configuration, over: &properties, version: version)
        return properties
    }

    /// A client that asks where partitions end, open transactions included.
    static func uncommitted(_ configuration: KafkaConfiguration, version: Int32) throws(KafkaError) -> [String: String]
    {
        var properties = try self.admin(configuration, version: version)
        properties["isolation.level"] = "read_uncommitted"
        return properties
    }

    private static func overlay(
        _ configuration: KafkaConfiguration,
        over properties: inout [String: String],
        version: Int32
    ) throws(KafkaError) {
        guard !configuration.brokers.isEmpty else { throw .configuration("No Kafka brokers are configured.") }
        properties["client.software.name"] = "assay"
        // These releases assert when a broker asks for telemetry.
        if version >= 0x0205_0000, version < 0x0205_0300 { properties["enable.metrics.push"] = "false" }
        for (key, value) in configuration.properties {
            guard !KafkaConfiguration.managed.contains(key) else {
                throw .configuration("The Kafka property '\(key)' is managed by the service and can't be set.")
            }
            properties[key] = value
        }
        if let password = configuration.clients?.password { properties["sasl.password"] = password }
        properties["bootstrap.servers"] = configuration.brokers
        properties["client.id"] = String(configuration.clientID.prefix(60))
    }
}

extension Duration {
    /// Whole milliseconds, rounded down and held within what C's `int` can say.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = self.components
        guard abs(seconds) < 2_000_000 else { return seconds < 0 ? -2_000_000_000 : 2_000_000_000 }
        return Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
    }
}
