/// A record that cannot be used: as it was, with where it was and why it is of no use.
package struct DeadLetter: Sendable, Equatable {
    package struct Origin: Sendable, Equatable {
        package var topic: String
        package var partition: Int32
        package var offset: Int64
        /// The last of the offsets that are meant, where nothing of what stands there could be read.
        package var lastOffset: Int64?
        package var timestampMilliseconds: Int64?

        package init(
            topic: String,
            partition: Int32,
            offset: Int64,
            lastOffset: Int64? = nil,
            timestampMilliseconds: Int64?
        ) {
            self.topic = topic
            self.partition = partition
            self.offset = offset
            self.lastOffset = lastOffset
            self.timestampMilliseconds = timestampMilliseconds
        }
    }

    /// What is kept of it.
    package struct Content: Sendable, Equatable {
        package var key: [UInt8]?
        package var value: [UInt8]?
        package var headers: [EventHeader]

        package init(key: [UInt8]?, value: [UInt8]?, headers: [EventHeader]) {
            self.key = key
            self.value = value
            self.headers = headers
        }

        fileprivate var bytes: Int { headers.reduce((key?.count ?? 0) + (value?.count ?? 0)) { $0 + $1.bytes } }
    }

    /// What fits a topic with the limits that brokers and librdkafka have by default (1 MB), with room for the batch.
    package static let maximumBytes = 900_000
    private static let maximumMessage = 1000

    package var origin: Origin
    package var record: Content
    /// The bytes that the record has, where those were too many to be read.
    package var oversize: Int?
    /// A short class, for counting.
    package var reason: String
    /// One sentence for a person.
    package var message: String

    package init(origin: Origin, record: Content, oversize: Int? = nil, reason: String, message: String) {
        self.origin = origin
        self.record = record
        self.oversize = oversize
        self.reason = reason
        self.message = message
    }

    /// Key, value and headers as they were, and the headers of `docs/events` after them.
    ///
    /// Where the whole would not fit, the beginnings of value and key and the first headers are kept, each up to a
    /// quarter of `maximumBytes`, and `dlq.original.size` says how large the record was (key, value and headers): a
    /// record that could not be set aside would hold up everything behind it.
    ///
    /// - Parameter version: of the program that sets it aside.
    package func content(version: String, maximumBytes: Int = maximumBytes) -> Content {
        let size = record.bytes
        var content = record
        if size > maximumBytes {
            let share = maximumBytes / 4
            content.key = record.key.map { Array($0.prefix(share)) }
            content.value = record.value.map { Array($0.prefix(share)) }
            var left = share
            content.headers = Array(
                record.headers.prefix { header in
                    left -= header.bytes
                    return left >= 0
                }
            )
        }
        content.headers += added(version)
        if let original = oversize ?? (size > maximumBytes ? size : nil) {
            content.headers.append(EventHeader("dlq.original.size", "\(original)"))
        }
        return content
    }

    private func added(_ version: String) -> [EventHeader] {
        var headers = [
            EventHeader("dlq.original.topic", origin.topic),
            EventHeader("dlq.original.partition", "\(origin.partition)"),
            EventHeader("dlq.original.offset", "\(origin.offset)"),
            EventHeader("dlq.error.class", reason),
            EventHeader("dlq.error.message", String(message.prefix(Self.maximumMessage))),
            EventHeader("dlq.attempt", "1"),
            EventHeader("dlq.service.version", version),
        ]
        if let last = origin.lastOffset { headers.append(EventHeader("dlq.original.lastOffset", "\(last)")) }
        if let time = origin.timestampMilliseconds { headers.append(EventHeader("dlq.original.timestamp", "\(time)")) }
        return headers
    }
}

extension EventHeader {
    fileprivate var bytes: Int { name.utf8.count + (value?.count ?? 0) }
}
