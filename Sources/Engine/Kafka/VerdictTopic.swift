import Analysis
package import Kafka
package import Logging

/// The verdict topic, as the one who delivers a shard needs it.
package protocol VerdictTopic: Sendable {
    /// A publisher under a name that only one can publish under: the newest to open it.
    func publisher(named name: String) throws(KafkaError) -> any VerdictPublisher

    /// Reads the topic on from where the search stands, up to the end that the topic has now. When it throws, the search
    /// has got as far as it says.
    func advance(_ search: inout VerdictSearch) async throws(KafkaError)
}

/// Publishes under a name, until another replica opens the same.
package protocol VerdictPublisher: Sendable {
    /// Takes the name: its previous owner can publish nothing more, and what the owner left open is finished or undone.
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
    private let patience: Duration
    private let logger: Logger

    /// Verdicts are looked for from this much earlier: a topic may have the broker's time in its records.
    static let margin = Duration.seconds(60)

    /// - Parameter patience: how long one attempt of a search may take. Long enough for a transaction that is open to be
    ///   finished, or given up by the broker.
    package init(
        configuration: KafkaConfiguration,
        topic: String,
        patience: Duration = .seconds(60),
        logger: Logger
    ) {
        self.configuration = configuration
        self.topic = topic
        self.patience = patience
        self.logger = logger
    }

    package func publisher(named name: String) throws(KafkaError) -> any VerdictPublisher {
        try TransactionalProducer(configuration: configuration, transactionalID: name, logger: logger)
    }

    package func advance(_ search: inout VerdictSearch) async throws(KafkaError) {
        let since = search.since.map { max(0, ($0 - Self.margin).milliseconds) }
        let reader = try KafkaReader(
            configuration: configuration,
            topic: topic,
            from: .resume(from: search.reached, time: since),
            waitsForTransactions: true,
            logger: logger
        )
        var read = Reading(search: search, reader: reader)
        let failure: KafkaError?
        do throws(KafkaError) {
            try await reader.readUpToEnd(timeout: patience) { read.add($0) }
            read.finish()
            failure = nil
        } catch {
            failure = error
        }
        await reader.close()
        search = read.search
        if let failure { throw failure }
    }

    /// What one attempt adds to a search.
    private struct Reading {
        var search: VerdictSearch
        let reader: KafkaReader
        private var hasBegun = false

        init(search: VerdictSearch, reader: KafkaReader) {
            self.search = search
            self.reader = reader
        }

        mutating func add(_ record: KafkaRecord) {
            begin()
            let id = record.header("ce_id").map { String(decoding: $0, as: UTF8.self) }
            // What can't be decompressed has no id: a verdict that stands there is published again, under its id.
            search.read(id, of: record.source, offset: record.end - 1)
        }

        mutating func finish() {
            begin()
            search.end(at: reader.spans.mapValues(\.end))
        }

        private mutating func begin() {
            guard !hasBegun else { return }
            hasBegun = true
            search.begin(at: reader.spans.mapValues(\.start))
        }
    }
}
