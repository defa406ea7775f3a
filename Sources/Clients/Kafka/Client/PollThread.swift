import Concurrency

/// The threads that poll librdkafka.
enum PollThread {
    /// Starts a loop; ``Heartbeat/beat(at:)`` is to be called each round.
    ///
    /// - Throws: `KafkaError` when the system has no thread to give.
    static func start(_ name: String, _ body: @escaping @Sendable (Heartbeat) -> Void) throws(KafkaError) {
        guard OSThread.startLoop(name, body) else {
            throw KafkaError(code: .other, message: "The system has no thread to give for a Kafka \(name).")
        }
    }
}
