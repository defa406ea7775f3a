package import Analysis
package import StoredFormats

/// Where a message goes: a name. Rows of other versions may name more than those that are known here.
package struct OutboxSink: RawRepresentable, Hashable, Sendable, CaseIterable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The Kafka topic of verdicts.
    package static let verdicts = OutboxSink(rawValue: "verdicts")
    /// Grafana annotations.
    package static let annotations = OutboxSink(rawValue: "annotations")
    /// The JSON webhook.
    package static let webhook = OutboxSink(rawValue: "webhook")

    private static let notificationPrefix = "notify:"

    /// A destination of notifications, by its name.
    package static func notification(_ destination: String) -> OutboxSink {
        OutboxSink(rawValue: notificationPrefix + destination)
    }

    package var isNotification: Bool { rawValue.hasPrefix(Self.notificationPrefix) }

    /// Those known here, beside the destinations of notifications.
    package static let allCases: [OutboxSink] = [.verdicts, .annotations, .webhook]
}

/// What is sent, to the byte: it is finished when it is decided, and whatever delivers it need not know what it says.
package struct OutboxContent: Sendable, Equatable {
    package var headers: [MessageHeader]
    package var body: [UInt8]

    package init(headers: [MessageHeader] = [], body: [UInt8]) {
        self.headers = headers
        self.body = body
    }
}

/// Something that leaves the process, written in the transaction of the change that caused it.
package struct OutboxMessage: Sendable, Equatable {
    /// 0 until it is stored; rises in the order of writing.
    package var sequence: Int64
    package var sink: OutboxSink
    /// Derived from what the message says, so that the same message is stored once.
    package var id: String
    /// Messages of one key are delivered in order.
    package var key: String
    /// What the content is made from, as version 0.1.0 reads it.
    package var payload: [UInt8]
    /// Nil where the payload itself is sent, and in messages that version 0.1.0 wrote.
    package var content: OutboxContent?
    package var createdAt: Timestamp
    /// Failed deliveries so far.
    package var attempts: Int

    package var shard: Int { OutboxShard.of(key: key) }

    package init(
        sequence: Int64 = 0,
        sink: OutboxSink,
        id: String,
        key: String,
        payload: [UInt8],
        content: OutboxContent? = nil,
        createdAt: Timestamp,
        attempts: Int = 0
    ) {
        self.sequence = sequence
        self.sink = sink
        self.id = id
        self.key = key
        self.payload = payload
        self.content = content
        self.createdAt = createdAt
        self.attempts = attempts
    }
}

/// What became of an attempt to deliver a message.
package struct OutboxSettlement: Sendable, Equatable {
    package enum Outcome: Sendable, Equatable {
        /// `reference` is what the sink calls it.
        case delivered(reference: String?)
        case retry(at: Timestamp, error: String)
        /// It can never be delivered; kept with the reason.
        case dropped(error: String)
    }

    package var sequence: Int64
    package var outcome: Outcome
    package var at: Timestamp

    package init(sequence: Int64, outcome: Outcome, at: Timestamp) {
        self.sequence = sequence
        self.outcome = outcome
        self.at = at
    }
}

/// Unsettled messages of a sink.
package struct OutboxDepth: Sendable, Equatable {
    package var sink: OutboxSink
    package var count: Int
    package var oldest: Timestamp?

    package init(sink: OutboxSink, count: Int, oldest: Timestamp?) {
        self.sink = sink
        self.count = count
        self.oldest = oldest
    }
}
