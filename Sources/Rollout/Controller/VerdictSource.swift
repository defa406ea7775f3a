package import Kafka

/// Where verdict records come from.
package protocol VerdictSource: Sendable {
    /// Waits for a record; nil once closed. Throws when the task is cancelled.
    func next() async throws -> VerdictDelivery?

    /// Stops and starts fetching while the backlog is full.
    func pause()
    func resume()

    /// Commits what is done and leaves the group.
    func close() async
}

/// One delivery of one record.
package struct VerdictDelivery: Sendable {
    package var record: KafkaRecord
    /// Says that the record is done with, so that its offset may be stored once everything before it is done too.
    package var done: @Sendable () async -> Void

    package init(record: KafkaRecord, done: @escaping @Sendable () async -> Void) {
        self.record = record
        self.done = done
    }
}

/// Where rollout events and dead letters go to.
package protocol RolloutSink: Sendable {
    /// Returns once the record is stored.
    func send(_ message: KafkaMessage) async throws
}

/// The rollouts topic from its beginning up to its end at the start of reading.
package protocol RolloutHistory: Sendable {
    /// Nil at the end.
    func next() async throws -> KafkaRecord?
    func close() async
}
