package import Kafka
package import Telemetry

/// The place of this process in the consumer group of a topic; brought up to date when they are read.
///
/// The library tells lag and brokers every 15 s.
package struct ConsumerMetrics: Sendable {
    private let registry: MetricRegistry
    private let lag: Gauge<NoLabels>
    private let joined: Gauge<NoLabels>
    private let partitions: Gauge<NoLabels>
    private let brokers: Gauge<NoLabels>
    private let rebalances: Counter<NoLabels>
    private let lost: Counter<NoLabels>
    private let unreadable: Counter<NoLabels>
    private let standstill: Gauge<NoLabels>
    private let transactions: Gauge<NoLabels>

    /// `topic` is `deploy` or `verdict`.
    package init(topic: String, in registry: MetricRegistry) {
        self.registry = registry
        lag = registry.gauge(
            "assay_\(topic)_topic_lag_messages",
            "Records of the \(topic) topic's partitions that this process has and has not dealt with yet, those of"
                + " transactions that are open included."
        )
        joined = registry.gauge(
            "assay_\(topic)_topic_joined",
            "1 when the consumer of the \(topic) topic has its place in its group, 0 while it has not, -1 when this"
                + " process does not read the topic."
        )
        joined.set(-1)
        partitions = registry.gauge(
            "assay_\(topic)_topic_partitions",
            "Partitions of the \(topic) topic that fall to this process."
        )
        brokers = registry.gauge(
            "assay_\(topic)_topic_connected_brokers",
            "Kafka brokers that the consumer of the \(topic) topic is connected to."
        )
        rebalances = registry.counter(
            "assay_\(topic)_topic_rebalances_total",
            "Assignments and revocations of partitions of the \(topic) topic."
        )
        lost = registry.counter(
            "assay_\(topic)_topic_lost_total",
            "Records of the \(topic) topic that its retention deleted before this process had read them."
        )
        unreadable = registry.counter(
            "assay_\(topic)_topic_unreadable_total",
            "Parts of the \(topic) topic that could not be decompressed or parsed, and were passed over."
        )
        standstill = registry.gauge(
            "assay_\(topic)_topic_standstill_seconds",
            "How many seconds a partition of the \(topic) topic has not moved although records wait; 0 while all do."
        )
        transactions = registry.gauge(
            "assay_\(topic)_topic_open_transactions",
            "Partitions of the \(topic) topic that a transaction has held up for 15 seconds or more."
        )
    }

    /// `statistics` is nil while there is no consumer.
    package func watch(_ statistics: @escaping @Sendable () -> KafkaConsumerStatistics?) {
        // Not `self`, which holds the registry.
        registry.onRender {
            [
                lag, joined, partitions, brokers, rebalances, lost, unreadable, standstill, transactions
            ] in
            let now = statistics() ?? KafkaConsumerStatistics()
            lag.set(Double(now.totalLag))
            joined.set(now.isJoined ? 1 : 0)
            partitions.set(Double(now.assignment.count))
            brokers.set(Double(now.connectedBrokers ?? 0))
            rebalances.set(total: Double(now.rebalances))
            lost.set(total: Double(now.lostRecords))
            unreadable.set(total: Double(now.unreadableStretches))
            standstill.set(now.standstill(at: .now) / .seconds(1))
            transactions.set(Double(now.openTransactions.count))
        }
    }
}
