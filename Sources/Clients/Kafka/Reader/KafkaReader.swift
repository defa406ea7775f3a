import Concurrency
import DequeModule
package import Logging
import Synchronization

/// Reads a topic from one end or from a time on, without a group: for command-line tools, and to look what was published.
///
/// Every partition is read (`read_committed`), in no order between partitions; partitions added later are not noticed.
package final class KafkaReader: Sendable {
    /// Where to start.
    package enum Start: Sendable, Equatable {
        /// The oldest record still kept.
        case beginning
        /// The end as it is when the reader has found the partitions; see `start()`.
        case end
        /// The first record with this timestamp or a later one (milliseconds since 1970), in each partition; where there
        /// is none, its end. The embedded broker keeps no timestamps: there it is the beginning.
        case time(Int64)
        /// Where an earlier reader has got to, or the first record with this timestamp or a later one: the earlier
        /// of the two. Partitions of which neither is known begin with their oldest record.
        case resume(from: [KafkaPartition: Int64], time: Int64?)

        var time: Int64? {
            switch self {
            case .time(let time): time
            case .resume(_, let time): time
            case .beginning, .end: nil
            }
        }
    }

    private let storage: ConsumerStorage
    private let ready: Promise<KafkaError?>
    private let pending = Mutex<Deque<KafkaRecord>>([])

    /// Creates the client and starts looking for the topic, which need not exist yet.
    ///
    /// - Parameter waitsForTransactions: the end is behind transactions that are open, whose outcome is waited for: what
    ///   was committed behind the beginning of an open one is hidden until then.
    /// - Throws: `KafkaError` with the code `.configuration` or `.topic`.
    package init(
        configuration: KafkaConfiguration,
        topic: String,
        from start: Start,
        waitsForTransactions: Bool = false,
        maximumRecordBytes: Int = 16 << 20,
        logger: Logger
    ) throws(KafkaError) {
        try KafkaTopic.validate(topic)
        let properties = try ClientProperties.reader(configuration, version: NativeLibrary.versionNumber)
        let native = try NativeConsumer(
            kind: .reader,
            properties: properties,
            topics: [topic],
            maximumRecordBytes: maximumRecordBytes,
            clients: configuration.clients,
            logger: logger
        )
        var uncommitted: NativeClient?
        if waitsForTransactions {
            do {
                uncommitted = try NativeClient(
                    kind: .admin,
                    properties: ClientProperties.uncommitted(configuration, version: NativeLibrary.versionNumber),
                    events: 0,
                    clients: configuration.clients,
                    logger: logger
                )
            } catch {
                native.client.destroy(withoutConsumerClose: true)
                throw error
            }
        }
        var limits = ConsumerLimits()
        limits.storesOffsets = false
        let storage = ConsumerStorage(limits: limits, client: native.client)
        let ready = Promise<KafkaError?>()
        self.storage = storage
        self.ready = ready
        do {
            let thread = ConsumerThread(native: native, storage: storage, isMember: false, logger: logger)
            let plan = ConsumerThread.Start.assign(
                topic: topic,
                from: start,
                keepsTimes: !configuration.isEmbedded,
                uncommitted: uncommitted,
                ready: ready
            )
            try PollThread.start("reader") { thread.run(plan, $0) }
        } catch {
            storage.detach()
            uncommitted?.destroy(withoutConsumerClose: true)
            native.client.destroy(withoutConsumerClose: true)
            throw error
        }
    }

    deinit {
        self.storage.requestClose(drain: .zero)
    }

    /// Awaits that the starting point of every partition is known: with `.end`, every record produced after this
    /// returns is read. Not needed before `next`. Cancelling the task closes the reader.
    ///
    /// - Throws: what keeps the topic from being read; a topic that doesn't exist yet is waited for.
    package func start() async throws(KafkaError) {
        let error = await withTaskCancellationHandler {
            await self.ready.value()
        } onCancel: {
            self.storage.requestClose(drain: .zero)
        }
        if let error { throw error }
    }

    /// Awaits the next record.
    ///
    /// - Parameter timeout: how long to wait; `nil` for ever.
    /// - Returns: `nil` when the time has run out, the reader was closed, or the task was cancelled.
    /// - Throws: what keeps the topic from being read, such as refused credentials.
    package func next(timeout: Duration? = nil) async throws(KafkaError) -> KafkaRecord? {
        guard case .record(let record) = try await self.step(timeout: timeout, toEnd: false) else { return nil }
        return record
    }

    private enum Step {
        case record(KafkaRecord)
        case nothing
        case end
    }

    private func step(timeout: Duration?, toEnd: Bool) async throws(KafkaError) -> Step {
        if let record = self.pending.withLock({ $0.popFirst() }) { return .record(record) }
        switch await self.storage.read(timeout: timeout, toEnd: toEnd) {
        case .nothing: return .nothing
        case .end: return .end
        case .failed(let error): throw error
        case .batch(let batch):
            _ = self.storage.complete(batch)
            return self.pending.withLock { pending in
                pending.append(contentsOf: batch.records)
                return pending.popFirst().map { .record($0) } ?? .nothing
            }
        }
    }

    /// The offsets that each partition held when the reader found it, from the oldest record to before the next one;
    /// empty until `start()` has returned. Not every offset need have a record.
    package var extents: [KafkaPartition: Range<Int64>] { self.storage.extents }

    /// Where reading began in each partition, and where its end was then; empty until `start()` has returned.
    package var spans: [KafkaPartition: (start: Int64, end: Int64)] { self.storage.spans }

    /// Everything from where reading began up to the ends of the partitions as they were then, and perhaps some more.
    ///
    /// Ends that are no records (those of transactions, and what was aborted) are known from the broker, so what is
    /// returned is complete. Records of transactions that were open then are after the end.
    ///
    /// - Throws: what keeps the topic from being read; `.timedOut` when it takes longer than `timeout`; `.closed` when
    ///   the reader was closed, or the task cancelled, before the end.
    package func recordsUpToEnd(timeout: Duration) async throws(KafkaError) -> [KafkaRecord] {
        var records: [KafkaRecord] = []
        try await self.readUpToEnd(timeout: timeout) { records.append($0) }
        return records
    }

    /// Like `recordsUpToEnd`, one record after the other, so that a long topic need not fit into memory.
    ///
    /// - Returns: the first part that can't be decompressed or parsed; nil when all could be.
    @discardableResult
    package func readUpToEnd(
        timeout: Duration,
        _ body: (KafkaRecord) -> Void
    ) async throws(KafkaError) -> KafkaRecord? {
        var hole: KafkaRecord?
        let deadline = ContinuousClock.now + timeout
        try await self.start(timeout: timeout)
        var missing = self.storage.ends
        while !missing.isEmpty {
            let left = deadline - ContinuousClock.now
            guard left > .zero else {
                throw KafkaError(
                    code: .timedOut,
                    message: "The Kafka topic could not be read to its end in \(timeout)."
                )
            }
            let step = try await self.step(timeout: left, toEnd: true)
            if case .end = step { return hole }
            guard case .record(let record) = step else {
                guard ContinuousClock.now < deadline else { continue }
                throw .closed("reader")
            }
            if record.unreadable != nil { hole = hole ?? record }
            body(record)
            guard let end = missing[record.source], record.end >= end else { continue }
            missing[record.source] = nil
            self.storage.reachedEnd(of: record.source, at: end)
        }
        return hole
    }

    /// Like `start()`, but gives up, and closes the reader, when the topic has not been found in time.
    private func start(timeout: Duration) async throws(KafkaError) {
        let result = await withTaskGroup(of: Result<Void, KafkaError>?.self) { group in
            group.addTask {
                do throws(KafkaError) { return .success(try await self.start()) } catch { return .failure(error) }
            }
            group.addTask {
                try? await Task.sleep(for: timeout)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next().flatMap { $0 }
        }
        guard let result else {
            throw KafkaError(code: .timedOut, message: "The Kafka topic could not be found in \(timeout).")
        }
        try result.get()
    }

    /// Records between what was read and the topic's ends, as of the latest statistics.
    package var statistics: KafkaConsumerStatistics { self.storage.statistics }

    /// Frees everything. Waiting readers get `nil`. May be called more than once.
    package func close() async {
        self.storage.requestClose(drain: .zero)
        await self.storage.closed()
    }
}
