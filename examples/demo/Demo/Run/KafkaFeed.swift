import Analysis
import EventFormats
import Kafka
package import Logging

/// Verdicts and actions as any client can read them: from the topics of the broker.
package struct KafkaFeed: DemoFeed {
    private let verdictTopic: String
    private let rolloutTopic: String
    private let logger: Logger

    package init(verdictTopic: String = "canary.verdicts", rolloutTopic: String = "canary.rollouts", logger: Logger) {
        self.verdictTopic = verdictTopic
        self.rolloutTopic = rolloutTopic
        self.logger = logger
    }

    package func follow(
        brokers: String,
        deliver: @escaping @Sendable (DemoObservation) -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                try await read(verdictTopic, brokers) { deliver(.verdict(try VerdictEvent.decode($0))) }
            }
            group.addTask {
                try await read(rolloutTopic, brokers) { deliver(.action(try RolloutEvent.decode($0))) }
            }
            try await group.next()
        }
    }

    /// Reads a topic from its beginning until the task is cancelled. Other records are logged and skipped.
    private func read(_ topic: String, _ brokers: String, _ take: (CloudEvent) throws -> Void) async throws {
        let reader = try KafkaReader(
            configuration: .embedded(brokers, clientID: "assay-demo"),
            topic: topic,
            from: .beginning,
            logger: logger
        )
        do {
            while let record = try await reader.next() {
                let headers = record.headers.map { EventHeader(name: $0.key, value: $0.value) }
                do {
                    try take(try CloudEventKafkaBinding.decode(value: record.value, headers: headers))
                } catch {
                    logger.warning(
                        "skipped a record that is not such an event",
                        metadata: ["topic": "\(topic)", "offset": "\(record.offset)", "error": "\(error)"]
                    )
                }
            }
        } catch {
            await reader.close()
            throw error
        }
        await reader.close()
    }
}
