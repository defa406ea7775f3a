package import EventFormats
package import Kafka
package import Logging
import Synchronization

/// The rollouts topic as it was when reading began.
package final class KafkaRolloutHistory: RolloutHistory {
    private let configuration: KafkaConfiguration
    private let topic: String
    private let logger: Logger
    /// How long the next reading may take. Doubled by each that took longer, so that a long topic is read in the end.
    private let patience: Mutex<Duration>
    private static let longestPatience = Duration.seconds(3600)

    package init(
        configuration: KafkaConfiguration,
        topic: String,
        patience: Duration = .seconds(60),
        logger: Logger
    ) {
        self.configuration = configuration
        self.topic = topic
        self.logger = logger
        self.patience = Mutex(patience)
    }

    /// Throws when the end of a partition, as it was at the start, has not been reached; also while the topic does not
    /// exist, and while a transaction is open on it.
    package func read(_ body: (CloudEvent?) -> Void) async throws {
        // Behind the beginning of an open transaction everything is hidden, and is no less part of the ledger.
        let reader = try KafkaReader(
            configuration: configuration,
            topic: topic,
            from: .beginning,
            waitsForTransactions: true,
            logger: logger
        )
        let patience = patience.withLock { $0 }
        do throws(KafkaError) {
            try await reader.readUpToEnd(timeout: patience) { body(try? $0.event()) }
        } catch {
            await reader.close()
            try Task.checkCancellation()
            if error.code == .timedOut { self.patience.withLock { $0 = min($0 * 2, Self.longestPatience) } }
            throw error
        }
        await reader.close()
    }
}

extension KafkaError: PassingFailure {
    package var mayPass: Bool { mayBeMended }
}
