/// Records handed out together. Hand it back with `KafkaConsumer.store(_:)` once its work is durable.
///
/// Records of one partition are in offset order, within a batch and from batch to batch.
package struct KafkaBatch: Sendable {
    /// At least one record.
    package let records: [KafkaRecord]
    /// Names the batch to the consumer that handed it out.
    let id: UInt64

    /// A batch of no consumer's, for code that stands in for one. Storing it does nothing.
    package init(records: [KafkaRecord]) {
        self.init(records: records, id: 0)
    }

    init(records: [KafkaRecord], id: UInt64) {
        self.records = records
        self.id = id
    }

    /// The position after the last record of each partition.
    static func ends(of records: [KafkaRecord]) -> [KafkaPartition: KafkaPosition] {
        var ends: [KafkaPartition: KafkaPosition] = [:]
        for record in records {
            // Offsets come from outside: the very last one has no successor.
            guard record.end > record.offset else { continue }
            ends[record.source] = KafkaPosition(offset: record.end, leaderEpoch: record.leaderEpoch)
        }
        return ends
    }
}
