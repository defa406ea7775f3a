package import EventFormats
package import Kafka
package import Logging
import Synchronization

/// The verdict topic, read as a member of a consumer group.
package final class KafkaVerdictSource: VerdictSource {
    /// A batch that was handed out, until all its records are done.
    private final class Batch: Sendable {
        let batch: KafkaBatch
        private let open: Mutex<Int>

        init(_ batch: KafkaBatch) {
            self.batch = batch
            open = Mutex(batch.records.count)
        }

        /// Whether this was the last record.
        func finishOne() -> Bool {
            open.withLock { open in
                open -= 1
                return open == 0
            }
        }
    }

    private let consumer: KafkaConsumer
    private let reader: VerdictReader
    private let deadLetters: any DeadLetters
    private let logger: Logger
    private let waiting = Mutex<[VerdictDelivery]>([])

    /// - Parameters:
    ///   - maximumBacklog: of the controller; as many batches may be out.
    ///   - deadLetters: where records go that are no verdicts, or not believed.
    /// - Throws: `KafkaError` for a configuration that cannot be used.
    package init(
        configuration: KafkaConfiguration,
        group: String,
        topic: String,
        maximumBacklog: Int,
        reader: VerdictReader,
        deadLetters: any DeadLetters,
        logger: Logger
    ) throws(KafkaError) {
        consumer = try KafkaConsumer(
            configuration: configuration,
            groupID: group,
            topics: [topic],
            options: KafkaConsumer.Options(
                maximumBatch: 64,
                maximumOutstandingBatches: maximumBacklog + 1,
                // The controller closes the source when nothing is under way any more.
                drainTimeout: .zero
            ),
            logger: logger
        )
        self.reader = reader
        self.deadLetters = deadLetters
        self.logger = logger
    }

    /// Has an assignment, or knows that the group has none for it.
    package var isJoined: Bool { consumer.isJoined }

    package var statistics: KafkaConsumerStatistics { consumer.statistics }

    package func next() async throws -> VerdictDelivery? {
        if let delivery = takeWaiting() { return delivery }
        guard let fetched = try await consumer.nextBatch() else {
            try Task.checkCancellation()
            return nil
        }
        let batch = Batch(fetched)
        let deliveries = VerdictDelivery.all(of: fetched.records, reader: reader, deadLetters: deadLetters) { _ in
            await self.finish(batch)
        }
        waiting.withLock { $0 = deliveries.reversed() }
        return takeWaiting()
    }

    /// The records of the last batch, the next one last.
    private func takeWaiting() -> VerdictDelivery? { waiting.withLock { $0.popLast() } }

    private func finish(_ batch: Batch) async {
        guard batch.finishOne() else { return }
        do throws(KafkaError) {
            try await consumer.store(batch.batch)
        } catch {
            // They are delivered again, and dropped as repeats.
            logger.info("offsets were not stored", metadata: ["error": "\(error)"])
        }
    }

    package func pause() { consumer.pause() }
    package func resume() { consumer.resume() }
    package func close() async { await consumer.close() }
}

extension VerdictDelivery {
    /// The records of a batch, in order.
    ///
    /// - Parameter done: told each record that is done with.
    package static func all(
        of records: [KafkaRecord],
        reader: VerdictReader,
        deadLetters: any DeadLetters,
        done: @escaping @Sendable (KafkaRecord) async -> Void
    ) -> [VerdictDelivery] {
        let malformed = MalformedRecords(deadLetters)
        return records.map { record in
            let reading: VerdictReading =
                switch KafkaVerdictRecord.read(record, by: reader) {
                case .verdict(let delivered): .verdict(delivered)
                case .skip(let reason): .skip(reason)
                case .malformed(let errorClass, let reason):
                    .malformed(Self.malformed(record, errorClass, reason, in: malformed))
                case .untrusted(let distrust, let reason):
                    .malformed(Self.malformed(record, distrust.rawValue, reason, distrust, in: malformed))
                }
            return VerdictDelivery(reading) { await done(record) }
        }
    }

    private static func malformed(
        _ record: KafkaRecord,
        _ errorClass: String,
        _ reason: String,
        _ distrust: Distrust? = nil,
        in malformed: MalformedRecords
    ) -> MalformedVerdict {
        let place = malformed.add(DeadLetter(record, reason: errorClass, message: reason))
        return MalformedVerdict(
            errorClass: errorClass,
            reason: reason,
            distrust: distrust,
            place: "\(record.topic)/\(record.partition)@\(record.offset)"
        ) { try await malformed.setAside(place) }
    }
}

extension DeadLetter {
    fileprivate init(_ record: KafkaRecord, reason: String, message: String) {
        self.init(
            origin: Origin(
                topic: record.topic,
                partition: record.partition,
                offset: record.offset,
                lastOffset: record.lastOffset,
                timestampMilliseconds: record.timestampMilliseconds
            ),
            record: Content(
                key: record.key,
                value: record.value,
                headers: record.headers.map { EventHeader(name: $0.key, value: $0.value) }
            ),
            oversize: record.oversize,
            reason: reason,
            message: message
        )
    }
}
