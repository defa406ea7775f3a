package import Analysis
package import Store

/// Where one kind of message is delivered.
package protocol MessageSink: Sendable {
    var sink: OutboxSink { get }
    /// The most messages to hand over at once.
    var batch: Int { get }

    /// Begins to deliver a shard that has just been taken. Its previous owner may have delivered messages that the
    /// store does not know of: those created until `takenAt`.
    func startDelivery(_ lease: ShardLease, at takenAt: Timestamp) -> any ShardDelivery
}

/// The delivery of one shard's messages, from taking the shard until it is lost.
package protocol ShardDelivery: Sendable {
    /// Delivers messages of the shard, which come in order, and says what became of those that were tried. A message is
    /// only tried when those of the same key before it have arrived.
    func deliver(_ messages: [OutboxMessage]) async -> [DeliveryResult]

    func close() async
}

package struct DeliveryResult: Sendable {
    package var message: OutboxMessage
    /// The receiver's name for it, if there is one.
    package var outcome: Result<String?, DeliveryFailure>

    package init(_ message: OutboxMessage, _ outcome: Result<String?, DeliveryFailure>) {
        self.message = message
        self.outcome = outcome
    }
}

/// Why a message was not delivered.
package struct DeliveryFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// One sentence, without secrets.
    package let message: String
    /// Trying again later may help.
    package let isTransient: Bool
    /// The receiver asks not to be tried again before that time has passed.
    package let retryAfter: Duration?

    package init(_ message: String, isTransient: Bool, retryAfter: Duration? = nil) {
        self.message = message
        self.isTransient = isTransient
        self.retryAfter = retryAfter
    }

    package var description: String { message }
}
