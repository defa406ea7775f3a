import Kafka
import Synchronization
import Telemetry
import Testing

@testable import Service

@Suite struct ConsumerMetricsTests {
    @Test func followTheConsumer() {
        let registry = MetricRegistry()
        let metrics = ConsumerMetrics(topic: "deploy", in: registry)
        // No consumer reads the topic here.
        #expect(registry.render().contains("\nassay_deploy_topic_joined -1\n"))
        let known = Mutex<KafkaConsumerStatistics?>(nil)
        metrics.watch { known.withLock { $0 } }
        #expect(registry.render().contains("\nassay_deploy_topic_joined 0\n"))
        known.withLock { known in
            let partitions = (0..<2).map { KafkaPartition(topic: "t", partition: $0) }
            var statistics = KafkaConsumerStatistics()
            statistics.isJoined = true
            statistics.assignment = partitions
            statistics.lag = [partitions[0]: 3, partitions[1]: 4]
            statistics.connectedBrokers = 1
            statistics.rebalances = 5
            known = statistics
        }
        let lines = registry.render().split(separator: "\n")
        #expect(lines.contains("assay_deploy_topic_joined 1"))
        #expect(lines.contains("assay_deploy_topic_lag_messages 7"))
        #expect(lines.contains("assay_deploy_topic_partitions 2"))
        #expect(lines.contains("assay_deploy_topic_connected_brokers 1"))
        #expect(lines.contains("assay_deploy_topic_rebalances_total 5"))
        // As long as nothing has been stored, the library knows of no lag.
        known.withLock { known in
            known?.lag = [:]
            known?.bufferedRecords = 2
            known?.outstandingRecords = 1
        }
        #expect(registry.render().contains("\nassay_deploy_topic_lag_messages 3\n"))
    }
}
