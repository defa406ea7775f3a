import Synchronization

/// A Kafka broker inside this process: librdkafka's mock cluster, in memory, reachable over TCP by other processes on
/// this machine (127.0.0.1).
///
/// It speaks the real protocol for producing, consuming and groups. It does not persist anything, keeps 5 MiB a
/// partition, has no access control and no timestamps. Transactions can be gone through, but have no effect: what is
/// aborted stays visible, and a newer producer does not fence the one before it (`answer` can say so). Its port is
/// chosen by the system at each start: librdkafka 2.0.2 gives no way to fix it (`rd_kafka_mock_cluster_new` always binds
/// port 0 of the loopback address), so other processes are told `bootstrapServers`. Clients use
/// `KafkaConfiguration.embedded`.
package final class EmbeddedBroker: Sendable {
    private let cluster: Mutex<NativeMockCluster?>
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

    /// Lets every answer take that long: to try out what happens while one is awaited. Zero to end it.
    package func setRoundTrip(_ time: Duration) {
        self.cluster.withLock { $0?.setRoundTrip(milliseconds: Int32(clamping: max(0, time.wholeMilliseconds))) }
    }

    /// Answers the next requests of a kind with faults, one each in this order, and all later ones as ever.
    ///
    /// Many of a fault that clients try again after hold up whoever makes the request, until `answerNormally`.
    package func answer(_ request: Request, with faults: [Fault]) {
        self.cluster.withLock { $0?.answer(request.rawValue, with: faults.map(\.rawValue)) }
    }

    /// Answers the next request of a kind, at each broker, after a delay.
    package func answer(_ request: Request, after delay: Duration, with fault: Fault = .none) {
        let milliseconds = Int32(clamping: max(0, delay.wholeMilliseconds))
        self.cluster.withLock { $0?.answer(request.rawValue, with: fault.rawValue, afterMilliseconds: milliseconds) }
    }

    /// Forgets what is left of the faults of a kind of request that have no delay.
    package func answerNormally(_ request: Request) {
        self.cluster.withLock { $0?.answerNormally(request.rawValue) }
    }
}

extension EmbeddedBroker {
    /// Kinds of requests, as Kafka's protocol numbers them.
    package enum Request: Int16, Sendable, CaseIterable {
        case produce = 0
        case fetch = 1
        case listOffsets = 2
        case metadata = 3
        case commitOffsets = 8
        case findCoordinator = 10
        case joinGroup = 11
        case heartbeat = 12
        case initialiseProducerID = 22
        case addPartitionsToTransaction = 24
        case endTransaction = 26
    }

    /// What a request is answered with, as Kafka's protocol numbers it.
    package enum Fault: Int32, Sendable, CaseIterable {
        /// The connection is closed, so that nobody knows whether the request was carried out.
        case disconnect = -195
        /// No fault: for a delay, or to let a request pass between others.
        case none = 0
        case notLeader = 6
        case messageTooLarge = 10
        case coordinatorLoading = 14
        case coordinatorNotAvailable = 15
        case notCoordinator = 16
        case notEnoughReplicas = 19
        case topicNotAllowed = 29
        case producerEpochOutdated = 47
        case transactionStateInvalid = 48
        case concurrentTransactions = 51
        case producerFenced = 90
    }
}
