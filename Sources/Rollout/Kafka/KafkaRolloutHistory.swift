package import Kafka
package import Logging
import Synchronization

/// The rollouts topic as it was when reading began.
package final class KafkaRolloutHistory: RolloutHistory {
    private let reader: KafkaReader
    private let patience: Duration
    private let logger: Logger
    /// The offsets that are still to be read; nil before the first record was asked for.
    private let open = Mutex<[KafkaPartition: Range<Int64>]?>(nil)

    /// - Parameter patience: how long to wait for a record that should be there. Offsets without a record (removed by
    ///   compaction, ends of transactions) are the reason to wait no longer.
    /// - Throws: `KafkaError` for a configuration that cannot be used.
    package init(
        configuration: KafkaConfiguration,
        topic: String,
        patience: Duration = .seconds(10),
        logger: Logger
    ) throws(KafkaError) {
        reader = try KafkaReader(configuration: configuration, topic: topic, from: .beginning, logger: logger)
        self.patience = patience
        self.logger = logger
    }

    /// The next record of any partition; nil once every partition was read up to where it ended at the start. Waits for
    /// a topic that does not exist yet.
    package func next() async throws -> KafkaRecord? {
        try await findExtents()
        while hasMore {
            guard let record = try await reader.next(timeout: patience) else {
                try Task.checkCancellation()
                logger.warning("The end of the rollouts topic was not reached in time.")
                return nil
            }
            if take(record) { return record }
        }
        return nil
    }

    package func close() async { await reader.close() }

    private func findExtents() async throws {
        guard open.withLock({ $0 == nil }) else { return }
        try await reader.start()
        let extents = reader.extents.filter { !$0.value.isEmpty }
        open.withLock { $0 = extents }
    }

    private var hasMore: Bool { open.withLock { !($0 ?? [:]).isEmpty } }

    /// Whether the record was there at the start.
    private func take(_ record: KafkaRecord) -> Bool {
        open.withLock { open in
            guard let extent = open?[record.source], record.offset < extent.upperBound else {
                open?[record.source] = nil
                return false
            }
            if record.offset + 1 >= extent.upperBound { open?[record.source] = nil }
            return true
        }
    }
}
