internal import CRDKafka
import Synchronization

/// The partitions that a reader reads.
///
/// `@unchecked Sendable`: it holds a C pointer that only the reader's own thread uses.
struct OpenReading: @unchecked Sendable {
    let topic: OpaquePointer
    var partitions: [Int32] = []
}

/// Reading without a group, by the library's calls for partitions.
///
/// `rd_kafka_assign` would need a group's name, and a client with one asks the brokers for the group's coordinator at
/// once and for ever, whether or not it has anything to ask of it: the brokers refuse that without a right on the group.
extension NativeConsumer {
    /// Starts to read the partitions of a topic from these offsets; what they hold arrives as events.
    func beginReading(_ topic: String, from offsets: [Int32: Int64]) -> KafkaError? {
        let what = "The topic '\(topic)' can't be read"
        guard let reference = rd_kafka_topic_new(self.client.handle, topic, nil) else {
            return self.client.error(rd_kafka_last_error(), what: what, topic: topic)
        }
        var reading = OpenReading(topic: reference)
        var failure: KafkaError?
        for (partition, offset) in offsets.sorted(by: { $0.key < $1.key }) {
            guard rd_kafka_consume_start_queue(reference, partition, offset, self.client.queue) == 0 else {
                failure = self.client.error(rd_kafka_last_error(), what: what, topic: topic)
                break
            }
            reading.partitions.append(partition)
        }
        self.reading.withLock { $0 = reading }
        return failure
    }

    /// Stops reading. The library's own thread answers, whatever the brokers do.
    func endReading() {
        let ended = self.reading.withLock { reading in
            defer { reading = nil }
            return reading
        }
        guard let ended else { return }
        for partition in ended.partitions { _ = rd_kafka_consume_stop(ended.topic, partition) }
        rd_kafka_topic_destroy(ended.topic)
    }
}
