package import EventFormats
package import Kafka
package import Logging
import Synchronization

/// The rollouts topic as it was when reading began.
package final class KafkaRolloutHistory: RolloutHistory {
    private let configuration: KafkaConfiguration
    private let topic: String
    private let passesOverUnreadable: Bool
    private let logger: Logger
    /// How long the next reading may take. Doubled by each that took longer, so that a long topic is read in the end.
    private let patience: Mutex<Duration>
    private static let longestPatience = Duration.seconds(3600)

    /// - Parameter passesOverUnreadable: go on without what can't be decompressed or parsed, as people have decided.
    package init(
        configuration: KafkaConfiguration,
        topic: String,
        passesOverUnreadable: Bool = false,
        patience: Duration = .seconds(60),
        logger: Logger
    ) {
        self.configuration = configuration
        self.topic = topic
        self.passesOverUnreadable = passesOverUnreadable
        self.logger = logger
        self.patience = Mutex(patience)
    }

    /// Throws when the end of a partition, as it was at the start, has not been reached; also while the topic does not
    /// exist, while a transaction is open on it, and when a part of it can't be decompressed or parsed: what the controller
    /// did there would be forgotten.
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
            let hole = try await reader.readUpToEnd(timeout: patience) { body(try? $0.event()) }
            if let hole { try pass(hole) }
        } catch {
            await reader.close()
            try Task.checkCancellation()
            if error.code == .timedOut { self.patience.withLock { $0 = min($0 * 2, Self.longestPatience) } }
            throw error
        }
        await reader.close()
    }

    private func pass(_ hole: KafkaRecord) throws(KafkaError) {
        let place = "\(hole.source), from offset \(hole.offset) to before \(hole.end)"
        guard passesOverUnreadable else {
            throw KafkaError(
                code: .unreadable,
                message: "a part of the rollouts topic can't be read (\(place)): what was done may be written there."
                    + " Acting begins when the topic's retention has deleted it, or with rollout.passOverUnreadable"
            )
        }
        logger.warning(
            "a part of the rollouts topic can't be read; acting without it, as rollout.passOverUnreadable says",
            metadata: ["place": "\(place)"]
        )
    }
}

extension KafkaError: PassingFailure {
    package var mayPass: Bool { mayBeMended }
}
