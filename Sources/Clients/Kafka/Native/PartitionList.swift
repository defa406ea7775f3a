internal import CRDKafka

/// The next offset to consume of a partition, with the leader epoch it belongs to (-1: unknown).
struct KafkaPosition: Sendable, Equatable {
    var offset: Int64
    var leaderEpoch: Int32 = -1
}

/// librdkafka's list of partitions, built for one call and freed after it.
enum PartitionList {
    /// Calls `body` with a list of the partitions; an offset of `nil` leaves librdkafka's "invalid" in place.
    static func with<Value>(
        _ partitions: some Sequence<(KafkaPartition, KafkaPosition?)>,
        _ body: (UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) -> Value
    ) -> Value? {
        guard let list = rd_kafka_topic_partition_list_new(8) else { return nil }
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for (partition, position) in partitions {
            guard let entry = rd_kafka_topic_partition_list_add(list, partition.topic, partition.partition) else {
                continue
            }
            if let position {
                entry.pointee.offset = position.offset
                CRDKafka_topic_partition_set_leader_epoch(entry, position.leaderEpoch)
            }
        }
        return body(list)
    }

    static func with<Value>(
        _ partitions: some Sequence<KafkaPartition>,
        _ body: (UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) -> Value
    ) -> Value? {
        self.with(partitions.map { ($0, nil as KafkaPosition?) }, body)
    }

    /// The entries of a list, each with its own error code.
    static func entries(
        _ list: UnsafePointer<rd_kafka_topic_partition_list_t>?
    ) -> [(partition: KafkaPartition, offset: Int64, error: rd_kafka_resp_err_t)] {
        guard let list, let elements = list.pointee.elems, list.pointee.cnt > 0 else { return [] }
        return UnsafeBufferPointer(start: elements, count: Int(list.pointee.cnt)).map { entry in
            let topic = entry.topic.map { String(cString: $0) } ?? ""
            return (KafkaPartition(topic: topic, partition: entry.partition), entry.offset, entry.err)
        }
    }
}
