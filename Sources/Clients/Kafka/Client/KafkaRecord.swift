/// One header of a Kafka record. A header may have no value at all, which differs from an empty one.
package struct KafkaHeader: Sendable, Equatable {
    /// The name. Bytes that are not UTF-8 are replaced, never trapped on.
    package var key: String
    /// The value, or `nil` for a null header value.
    package var value: [UInt8]?

    package init(key: String, value: [UInt8]?) {
        self.key = key
        self.value = value
    }
}

/// A topic and one of its partitions.
package struct KafkaPartition: Sendable, Hashable, Comparable, CustomStringConvertible {
    package var topic: String
    package var partition: Int32

    package init(topic: String, partition: Int32) {
        self.topic = topic
        self.partition = partition
    }

    package var description: String { "\(self.topic)[\(self.partition)]" }

    package static func < (left: KafkaPartition, right: KafkaPartition) -> Bool {
        (left.topic, left.partition) < (right.topic, right.partition)
    }
}

/// A consumed record.
package struct KafkaRecord: Sendable, Equatable {
    package var topic: String
    package var partition: Int32
    package var offset: Int64
    /// Milliseconds since 1970, or `nil` where the broker gave none.
    package var timestampMilliseconds: Int64?
    package var key: [UInt8]?
    /// The payload; `nil` is a tombstone. Only the beginning of it in a record over the size cap (then `oversize` is set).
    package var value: [UInt8]?
    package var headers: [KafkaHeader]
    /// The true size in bytes (key, value and headers) of a record over the configured cap, whose `value` was cut,
    /// so that the caller can dead-letter it. Set as well for a record with more than 1024 headers. `nil` for any other.
    package var oversize: Int?
    /// The leader epoch the record was read under, -1 when unknown; stored with the offset (KIP-320).
    package var leaderEpoch: Int32
    /// Set where nothing of what stands there can be read: key, value and headers are missing, and `offset` is the first of
    /// those that are passed over.
    package var unreadable: Unreadable?

    /// A part of a partition that the client library can't decompress or parse.
    package struct Unreadable: Sendable, Equatable {
        /// The offset behind it.
        package var end: Int64
        /// What the library says.
        package var reason: String

        package init(end: Int64, reason: String) {
            self.end = end
            self.reason = reason
        }
    }

    package init(
        topic: String,
        partition: Int32,
        offset: Int64,
        timestampMilliseconds: Int64? = nil,
        key: [UInt8]? = nil,
        value: [UInt8]? = nil,
        headers: [KafkaHeader] = [],
        oversize: Int? = nil,
        leaderEpoch: Int32 = -1,
        unreadable: Unreadable? = nil
    ) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.timestampMilliseconds = timestampMilliseconds
        self.key = key
        self.value = value
        self.headers = headers
        self.oversize = oversize
        self.leaderEpoch = leaderEpoch
        self.unreadable = unreadable
    }

    /// The offset behind it.
    package var end: Int64 { self.unreadable?.end ?? (self.offset == .max ? .max : self.offset + 1) }

    /// The last of the offsets that are passed over, where nothing of what stands there can be read.
    package var lastOffset: Int64? { self.unreadable.map { max(self.offset, $0.end - 1) } }

    /// Where the record came from.
    package var source: KafkaPartition { KafkaPartition(topic: self.topic, partition: self.partition) }

    /// The first header of that name. Header names may repeat; the first one counts.
    package func header(_ key: String) -> [UInt8]? {
        self.headers.first { $0.key == key }?.value
    }

    /// Bytes held in memory, for bounding buffers.
    var retainedBytes: Int {
        var bytes = 128 + (self.key?.count ?? 0) + (self.value?.count ?? 0)
        for header in self.headers { bytes += 64 + header.key.utf8.count + (header.value?.count ?? 0) }
        return bytes
    }
}
