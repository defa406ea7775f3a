package import Analysis

/// Where a message goes.
package enum OutboxSink: String, Sendable, Codable, CaseIterable {
    /// The Kafka topic of verdicts.
    case verdicts
    /// Grafana annotations.
    case annotations
    /// The JSON webhook.
    case webhook
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
    package var payload: [UInt8]
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
        createdAt: Timestamp,
        attempts: Int = 0
    ) {
        self.sequence = sequence
        self.sink = sink
        self.id = id
        self.key = key
        self.payload = payload
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
