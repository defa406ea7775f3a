import Synchronization

/// A Kafka broker inside this process: librdkafka's mock cluster, in memory, reachable over TCP by other processes on
/// this machine (127.0.0.1).
///
/// It speaks the real protocol for producing, consuming and groups. It does not persist anything, keeps 5 MiB a
/// partition, has no access control and no timestamps. Transactions can be gone through, but have no effect: what is
/// aborted stays visible, and a newer producer does not fence an older one (`answer` can say so). Its port is
/// chosen by the system at each start: librdkafka 2.0.2 gives no way to fix it (`rd_kafka_mock_cluster_new` always binds
/// port 0 of the loopback address), so other processes are told `bootstrapServers`. Clients use
/// `KafkaConfiguration.embedded`.
package final class EmbeddedBroker: Sendable {
    let cluster: Mutex<NativeMockCluster?>
    private let partitions: Int
    /// `127.0.0.1:port`, one per broker, comma-separated.
    package let bootstrapServers: String

    /// Starts the broker.
    ///
    /// - Parameters:
    ///   - partitions: what `createTopic` gives a topic unless told otherwise. Topics that come into being on first use
    ///     have 4 (fixed in librdkafka 2.0.2).
    ///   - brokers: how many brokers the cluster has.
    package init(partitions: Int = 4, brokers: Int = 1) throws(KafkaError) {
        let cluster = try NativeMockCluster(brokers: brokers)
        self.bootstrapServers = cluster.bootstrapServers
        self.cluster = Mutex(cluster)
        self.partitions = partitions
    }

    deinit {
        self.close()
    }

    /// Creates a topic. One that exists already with as many partitions is fine.
    package func createTopic(_ name: String, partitions: Int? = nil) throws(KafkaError) {
        try KafkaTopic.validate(name)
        let partitions = partitions ?? self.partitions
        guard (1...1000).contains(partitions) else {
            throw .configuration("A topic of the embedded broker can have 1 to 1000 partitions.")
        }
        let failure: KafkaError? = self.cluster.withLock { cluster in
            guard let cluster else { return .closed("broker") }
            return cluster.createTopic(name, partitions: Int32(partitions))
        }
        if let failure { throw failure }
    }

    /// Stops the broker and forgets everything. Clients see it as a broker that went down. Returns within
    /// milliseconds; may be called more than once.
    package func close() {
        let cluster = self.cluster.withLock { cluster in
            defer { cluster = nil }
            return cluster
        }
        cluster?.destroy()
    }

    /// Takes all brokers off the network, or back on: to try out an outage. Takes up to half a second.
    ///
    /// Not while this process starts another: the child has the broker's port open until it runs its program, and
    /// librdkafka 2.0.2 ends the process when it can't listen again at once.
    package func setReachable(_ isReachable: Bool) {
        self.cluster.withLock { $0?.setReachable(isReachable) }
    }
}
