package import Analysis
package import Kafka
package import Logging

/// The verdict topic, as the one who delivers a shard needs it.
package protocol VerdictTopic: Sendable {
    /// A publisher under a name that only one can publish under: the newest to open it.
    func publisher(named name: String) throws(KafkaError) -> any VerdictPublisher

    /// The ids of the verdicts on the topic that were created since `time`; others may be among them.
    func ids(since time: Timestamp) async throws(KafkaError) -> Set<String>
}

/// Publishes under a name, until somebody else opens the same.
package protocol VerdictPublisher: Sendable {
    /// Takes the name: whoever had it before can publish nothing more, and what they left open is finished or undone.
    func start() async throws(KafkaError)

    /// Publishes all of the messages or, as far as readers of committed records see, none.
    func publish(_ messages: [KafkaMessage]) async throws(TransactionFailure) -> [KafkaDelivery]

    func close() async
}

extension TransactionalProducer: VerdictPublisher {}

/// The topic on a Kafka cluster.
package struct KafkaVerdictTopic: VerdictTopic {
    private let configuration: KafkaConfiguration
    private let topic: String
    private let logger: Logger

    /// Verdicts are looked for from this much earlier: a topic may have the broker's time in its records.
    static let margin = Duration.seconds(60)

    package init(configuration: KafkaConfiguration, topic: String, logger: Logger) {
        self.configuration = configuration
        self.topic = topic
        self.logger = logger
    }

    package func publisher(named name: String) throws(KafkaError) -> any VerdictPublisher {
        try TransactionalProducer(configuration: configuration, transactionalID: name, logger: logger)
    }

    package func ids(since time: Timestamp) async throws(KafkaError) -> Set<String> {
        let from = KafkaReader.Start.time(max(0, (time - Self.margin).milliseconds))
        let reader = try KafkaReader(configuration: configuration, topic: topic, from: from, logger: logger)
        var ids: Set<String> = []
        do throws(KafkaError) {
            try await reader.readUpToEnd(timeout: .seconds(60)) { record in
                if let id = record.header("ce_id") { ids.insert(String(decoding: id, as: UTF8.self)) }
            }
            await reader.close()
            return ids
        } catch {
            await reader.close()
            throw error
        }
    }
}
