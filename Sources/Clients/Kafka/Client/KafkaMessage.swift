/// A record to produce.
package struct KafkaMessage: Sendable, Equatable {
    package var topic: String
    /// Records of one key keep their order. `nil` spreads records over the partitions.
    package var key: [UInt8]?
    /// The payload; `nil` is a tombstone.
    package var value: [UInt8]?
    package var headers: [KafkaHeader]
    /// A fixed partition; `nil` lets the partitioner choose by key.
    package var partition: Int32?
    /// Milliseconds since 1970; `nil` is the time of sending.
    package var timestampMilliseconds: Int64?

    package init(
        topic: String,
        key: [UInt8]? = nil,
        value: [UInt8]?,
        headers: [KafkaHeader] = [],
        partition: Int32? = nil,
        timestampMilliseconds: Int64? = nil
    ) {
        self.topic = topic
        self.key = key
        self.value = value
        self.headers = headers
        self.partition = partition
        self.timestampMilliseconds = timestampMilliseconds
    }
}

/// Where a produced record was stored, as the broker acknowledged it.
package struct KafkaDelivery: Sendable, Equatable {
    package var topic: String
    package var partition: Int32
    package var offset: Int64

    package init(topic: String, partition: Int32, offset: Int64) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
    }
}
