import Kafka
package import Logging
import ServiceLifecycle

/// Creates the topics while everything else starts: requests are served even if a broker is slow or down.
package struct TopicSetup: Service {
    private let kafka: KafkaWiring
    private let logger: Logger
    private let done: AsyncStream<Never>
    private let finish: AsyncStream<Never>.Continuation

    package init(_ kafka: KafkaWiring, logger: Logger) {
        self.kafka = kafka
        self.logger = logger
        (done, finish) = AsyncStream.makeStream(of: Never.self)
    }

    /// Throws when the brokers cannot be asked with these settings. What a broker refuses is logged, and waited for by
    /// the clients.
    package func run() async throws {
        defer { finish.finish() }
        try await cancelWhenGracefulShutdown { [kafka, logger] in try await kafka.ensureTopics(logger: logger) }
        finish.finish()
        try? await gracefulShutdown()
    }

    /// Returns when the topics have been seen to, or the process stops. A consumer that subscribes to a topic before it is
    /// there learns of it half a minute later.
    package func settled() async {
        await cancelWhenGracefulShutdown { [done] in for await _ in done {} }
    }
}
