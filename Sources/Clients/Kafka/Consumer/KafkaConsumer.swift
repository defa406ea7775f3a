import Concurrency
package import Logging

/// A member of a consumer group that hands out batches and stores an offset only when its work is durable.
///
/// Delivery is at least once: what was handed out and not stored is delivered again after a restart or to the next
/// member. On a revocation, work in flight may finish (for `revokeGrace`) and is committed before the partition goes.
/// Use: `while let batch = try await consumer.nextBatch() { …; try await consumer.store(batch) }`. When the work
/// fails, keep the batch and try again: batches that are never stored hold up the partition's position, and after
/// `maximumOutstandingBatches` of them `nextBatch` waits.
package final class KafkaConsumer: Sendable {
    /// Bounds and times.
    package struct Options: Sendable {
        /// Most records in a batch.
        package var maximumBatch: Int
        /// Larger records (key, value and headers together) arrive with the beginning of their value; see `KafkaRecord.oversize`.
        package var maximumRecordBytes: Int
        /// Most bytes in a batch of more than one record.
        package var maximumBatchBytes: Int
        /// Batches that may be out at a time.
        package var maximumOutstandingBatches: Int
        /// How often stored offsets are committed in the background.
        package var commitInterval: Duration
        /// After how long without a sign of life the group gives this member's partitions to others; the library's own
        /// time without it. The property `session.timeout.ms` goes before it.
        package var sessionTimeout: Duration?
        /// How long work in flight may go on after its partition was revoked.
        package var revokeGrace: Duration
        /// How long `close` waits for batches that are out.
        package var drainTimeout: Duration

        package init(
            maximumBatch: Int = 256,
            maximumRecordBytes: Int = 1_048_576,
            maximumBatchBytes: Int = 8 << 20,
            maximumOutstandingBatches: Int = 8,
            commitInterval: Duration = .seconds(2),
            sessionTimeout: Duration? = nil,
            revokeGrace: Duration = .seconds(5),
            drainTimeout: Duration = .seconds(5)
        ) {
            self.maximumBatch = maximumBatch
            self.maximumRecordBytes = maximumRecordBytes
            self.maximumBatchBytes = maximumBatchBytes
            self.maximumOutstandingBatches = maximumOutstandingBatches
            self.commitInterval = commitInterval
            self.sessionTimeout = sessionTimeout
            self.revokeGrace = revokeGrace
            self.drainTimeout = drainTimeout
        }

        var limits: ConsumerLimits {
            let records = max(1, self.maximumBatch)
            let bytes = max(1, self.maximumBatchBytes)
            return ConsumerLimits(
                batchRecords: records,
                batchBytes: bytes,
                bufferRecords: min(records, Int.max / 32) * 32,
                bufferBytes: min(bytes, Int.max / 2) * 2,
                outstandingBatches: max(1, self.maximumOutstandingBatches),
                revokeGrace: self.revokeGrace,
                drainTimeout: self.drainTimeout
            )
        }
    }

    let storage: ConsumerStorage

    /// Creates the client and starts joining the group; no broker need be reachable yet.
    ///
    /// - Parameter topics: names, or patterns that start with `^`.
    /// - Throws: `KafkaError` with the code `.configuration` or `.topic`.
    package init(
        configuration: KafkaConfiguration,
        groupID: String,
        topics: [String],
        options: Options = Options(),
        logger: Logger
    ) throws(KafkaError) {
        guard !groupID.isEmpty, !groupID.utf8.contains(0) else { throw .configuration("A Kafka group needs a name.") }
        guard !topics.isEmpty else { throw .configuration("A Kafka consumer needs at least one topic.") }
        for topic in topics { try KafkaTopic.validate(topic, allowsPattern: true) }
        let properties = try ClientProperties.consumer(
            configuration,
            groupID: groupID,
            commitInterval: options.commitInterval,
            sessionTimeout: options.sessionTimeout,
            version: NativeLibrary.versionNumber
        )
        let native = try NativeConsumer(
            kind: .consumer,
            properties: properties,
            topics: topics,
            maximumRecordBytes: max(1, options.maximumRecordBytes),
            clients: configuration.clients,
            logger: logger
        )
        let storage = ConsumerStorage(limits: options.limits, client: native.client)
        self.storage = storage
        do {
            try native.subscribe(topics)
            let thread = ConsumerThread(native: native, storage: storage, isMember: true, logger: logger)
            try PollThread.start("consumer") { thread.run(.subscribe, $0) }
        } catch {
            storage.detach()
            native.client.destroy(withoutConsumerClose: true)
            throw error
        }
    }

    deinit {
        // Without a close the group is left at once; what was out is delivered again.
        self.storage.requestClose(drain: .zero)
    }

    /// Awaits the next batch.
    ///
    /// - Returns: `nil` after `close`, or when the task was cancelled.
    /// - Throws: the error that ended the consumer for good (`isFatal`): make a new one. Passing trouble (brokers
    ///   down, leader changes) is waited out.
    package func nextBatch() async throws(KafkaError) -> KafkaBatch? {
        switch await self.storage.read() {
        case .batch(let batch): return batch
        case .nothing, .end: return nil
        case .failed(let error): throw error
        }
    }

    /// Says that the batch's work is durable, so that its offsets may be stored and committed in the background.
    ///
    /// Partitions revoked meanwhile are passed over: their records are delivered again to the new owner.
    ///
    /// - Throws: `.closed` when the consumer was closed before; the batch will be delivered again.
    package func store(_ batch: KafkaBatch) async throws(KafkaError) {
        guard self.storage.complete(batch) else { throw .closed("consumer") }
    }

    /// Hands out no batch and fetches nothing more until `resume`, across rebalances too. Membership is kept.
    package func pause() {
        self.storage.setPaused(true)
    }

    /// Ends a pause. Without one nothing happens.
    package func resume() {
        self.storage.setPaused(false)
    }

    /// Has an assignment, or knows that the group has none for it (more members than partitions).
    package var isJoined: Bool { self.storage.statistics.isJoined }

    /// A snapshot; the lag is as old as `statistics.interval.ms` (15 s).
    package var statistics: KafkaConsumerStatistics { self.storage.statistics }

    /// Stops handing out batches, waits for those that are out (`drainTimeout`), commits, leaves the group and frees
    /// everything. Readers get `nil`. May be called more than once.
    package func close() async {
        self.storage.requestClose()
        await self.storage.closed()
    }
}
