import Concurrency
import Logging

/// The loop of a consumer's thread: perform what the state machine decided, poll, report what came.
///
/// The thread never does work of its own and never waits longer than 250 ms (a second where partitions are found or
/// assigned), so heartbeats, rebalances and `max.poll.interval.ms` are safe however long a batch takes.
struct ConsumerThread: Sendable {
    enum Start: Sendable {
        /// A member of a group.
        case subscribe
        /// All partitions of a topic, without a group. `keepsTimes`: the broker can find a record by its timestamp.
        /// `uncommitted` is asked where the partitions end, and freed.
        case assign(
            topic: String,
            from: KafkaReader.Start,
            keepsTimes: Bool,
            uncommitted: NativeClient?,
            ready: Promise<KafkaError?>
        )
    }

    static let longestPoll = Duration.milliseconds(250)

    let native: NativeConsumer
    let storage: ConsumerStorage
    /// Of a group, as opposed to a reader.
    let isMember: Bool
    let logger: Logger

    func run(_ start: Start, _ heartbeat: Heartbeat) {
        if case .assign(let topic, let from, let keepsTimes, let uncommitted, let ready) = start {
            self.assignAll(topic, ready, heartbeat) {
                PartitionStart.all(
                    of: topic,
                    from: from,
                    keepsTimes: keepsTimes,
                    native: self.native,
                    uncommitted: uncommitted
                )
            }
            uncommitted?.destroy(withoutConsumerClose: true)
        }
        var finished: Bool?
        while finished == nil {
            heartbeat.beat()
            self.native.client.clients.settle(logger: self.logger)
            self.carryOut(self.storage.passage { $0.hurrySearches(now: .now) })
            let step = self.storage.step(now: .now)
            for action in step.actions {
                if case .finish(let gracefully) = action { finished = gracefully } else { self.perform(action) }
            }
            guard finished == nil else { break }
            self.poll(wait: min(step.wait, ConsumerThread.longestPoll), room: step.room)
            if self.native.isClosed {
                self.storage.report {
                    $0.left(gracefully: true); return []
                }
            }
        }
        self.native.endReading()
        self.storage.detach()
        self.native.client.destroy(withoutConsumerClose: finished == false)
        self.storage.finished()
    }

    // MARK: Actions

    private func perform(_ action: ConsumerStateMachine.Action) {
        switch action {
        case .store(let positions):
            for error in self.native.store(positions) { self.warn("A Kafka offset was not stored", error) }
        case .commit(let ticket):
            if self.native.commit(ticket: ticket) != nil { self.committed(ticket) }
        case .pause(let partitions):
            self.native.pause(partitions)
            self.logger.debug("partitions were paused", metadata: ["partitions": "\(partitions)"])
        case .resume(let partitions): self.native.resume(partitions)
        case .assign(let partitions):
            self.lookWhereReadingBegins(partitions)
            if let error = self.native.assign(partitions) { self.warn("A Kafka assignment failed", error) }
            self.logger.info("partitions were assigned", metadata: ["partitions": "\(partitions)"])
            if let group = self.native.client.identity.group {
                self.native.client.worked(KafkaRight(.read, .group(group)))
            }
        case .unassign(let partitions):
            if let error = self.native.unassign(partitions) { self.warn("A Kafka revocation failed", error) }
            self.logger.info("partitions were given up", metadata: ["partitions": "\(partitions)"])
        case .leave where !self.isMember:
            self.storage.report {
                $0.left(gracefully: true); return []
            }
        case .leave:
            guard let error = self.native.beginClose() else { return }
            self.warn("The Kafka group could not be left", error)
            self.storage.report {
                $0.left(gracefully: false); return []
            }
        case .finish: break
        }
    }

    /// What a group has not read and the broker no longer has, is known by where the group stood. That takes a second
    /// at most; reading begins without an answer too.
    private func lookWhereReadingBegins(_ partitions: [KafkaPartition]) {
        guard case .success(let offsets) = self.native.committed(partitions, milliseconds: 1000) else { return }
        self.storage.report {
            $0.readingBegins(at: offsets); return []
        }
    }

    // MARK: Events

    private func poll(wait: Duration, room: Int) {
        // Rounded up: a poll that returns just before a deadline would spin.
        guard var event = self.native.poll(milliseconds: Int32(clamping: wait.wholeMilliseconds + 1)) else {
            return self.checkRevocation()
        }
        var records: [KafkaRecord] = []
        var bytes = 0
        while true {
            if case .record(let record) = event {
                records.append(record)
                bytes += record.retainedBytes
            } else {
                let sought = self.hand(over: &records)
                // Polled before the seek, it answers an earlier fetch.
                if event.fetched.map(sought.contains) != true { self.handle(event) }
            }
            guard records.count < room, bytes < 4 << 20, let next = self.native.poll(milliseconds: 0) else { break }
            event = next
        }
        self.hand(over: &records)
        self.checkRevocation()
    }

    /// - Returns: the partitions that are read from elsewhere from here on.
    @discardableResult
    private func hand(over records: inout [KafkaRecord]) -> Set<KafkaPartition> {
        guard !records.isEmpty else { return [] }
        let batch = records
        records = []
        let passage = self.storage.passage { $0.pass(batch, now: .now) }
        self.carryOut(passage)
        return Set(passage.seeks.keys)
    }

    private func carryOut(_ passage: ConsumerPassage) {
        // At once: what is polled from here on is what was asked for.
        if !passage.seeks.isEmpty, let error = self.native.seek(passage.seeks) {
            self.warn("A Kafka partition could not be read from elsewhere", error)
        }
        let batch = passage.records
        guard !batch.isEmpty else { return }
        for record in batch { self.report(record) }
        // Before they are handed out: their reader may ask what was lost.
        for gap in self.storage.gaps(before: batch) { self.look(into: gap) }
        self.storage.report { $0.received(batch) }
        guard let topic = batch.last?.topic else { return }
        self.native.client.worked(KafkaRight(.read, .topic(topic)))
    }

    private func report(_ record: KafkaRecord) {
        guard let unreadable = record.unreadable else { return }
        let text =
            "\(record.source) can't be read from offset \(record.offset) to before \(unreadable.end), which is passed"
            + " over: \(unreadable.reason)"
        let error = KafkaError(code: .unreadable, message: text)
        self.storage.record(error)
        self.native.client.report(error, topic: record.topic)
    }

    /// Offsets without a record are ordinary (ends of transactions, compaction), unless the log begins behind them.
    private func look(into gap: OffsetGap) {
        guard let oldest = self.native.oldestOffset(of: gap.partition) else { return }
        let lost = gap.lost(oldest: oldest)
        guard lost > 0 else { return }
        self.storage.countLost(lost)
        let text =
            "\(lost) records of \(gap.partition), from offset \(gap.expected) on, were deleted before they were read:"
            + " the topic keeps records for a shorter time than they waited."
        self.native.client.report(KafkaError(code: .recordsLost, message: text), topic: gap.partition.topic)
    }

    private func handle(_ event: ConsumerEvent) {
        switch event {
        case .record, .ignored: break
        case .reachedEnd(let partition, let offset):
            self.carryOut(self.storage.passage { $0.passEnd(of: partition, at: offset, now: .now) })
            guard self.storage.inspect({ $0.searches[partition] == nil }) else { return }
            self.storage.reachedEnd(of: partition, at: offset)
        case .unreadable(let partition, let offset, let error):
            let end = self.native.endOffset(of: partition)
            self.carryOut(
                self.storage.passage {
                    $0.metUnreadable(partition, base: offset, end: end, reason: error.message, now: .now)
                }
            )
        case .assigned(let partitions):
            self.storage.report {
                $0.assigned(partitions); return []
            }
        case .revoked(let partitions, let isLost):
            self.logger.log(
                level: isLost ? .warning : .info,
                isLost ? "Kafka partitions lost" : "Kafka partitions revoked",
                metadata: ["partitions": "\(partitions)"]
            )
            self.storage.report {
                $0.revoked(partitions, isLost: isLost, now: .now); return []
            }
        case .committed(let ticket, let error):
            if let error { self.warn("A Kafka commit failed", error) }
            if ticket > 0 { self.committed(ticket) }
        case .statistics(let json):
            if let statistics = LibraryStatistics(json: json) { self.record(statistics, now: .now) }
            self.passControlRecords()
        case .trouble(let error, let topic):
            self.storage.record(error)
            self.native.client.report(error, topic: topic)
            // A member waits until the credentials or the rights are mended; a reader tells its caller.
            let isFinal = error.isFatal || (!self.isMember && error.isRefusal)
            if isFinal { self.storage.report { $0.failed(error) } }
        }
    }

    private func record(_ statistics: LibraryStatistics, now: ContinuousClock.Instant) {
        for transaction in self.storage.record(statistics, now: now) {
            let error = KafkaError(code: .openTransaction, message: transaction.sentence(now: now) + ".")
            self.native.client.report(error, topic: transaction.partition.topic)
        }
    }

    private func committed(_ ticket: UInt) {
        self.storage.report {
            $0.committed(ticket); return []
        }
    }

    /// A revocation in progress may turn into a loss, after which nothing may be committed.
    private func checkRevocation() {
        guard self.storage.inspect(\.isRevoking), self.native.isAssignmentLost else { return }
        self.storage.report {
            $0.lost(); return []
        }
    }

    /// Transactions end in control records that are never handed out; where everything before them is done, they are
    /// stored as done too, or the group would seem to lag behind for ever.
    private func passControlRecords() {
        let idle = self.storage.inspect(\.idlePartitions)
        guard !idle.isEmpty else { return }
        _ = self.native.store(self.native.positions(of: idle))
    }

    private func warn(_ message: Logger.Message, _ error: KafkaError) {
        self.storage.record(error)
        self.native.client.report(error)
        self.logger.debug(message, metadata: ["error": "\(error)", "kafka.code": "\(error.rdKafkaCode)"])
    }

    // MARK: Without a group

    /// Reads all partitions of a topic once `find` knows them, asking until the brokers answer or it is closed.
    private func assignAll(
        _ topic: String,
        _ ready: Promise<KafkaError?>,
        _ heartbeat: Heartbeat,
        _ find: () -> Result<[PartitionStart], KafkaError>
    ) {
        while self.storage.inspect({ $0.phase == .running && $0.failure == nil }) {
            heartbeat.beat()
            switch find() {
            case .success(let starts):
                self.storage.report {
                    $0.assigned(starts.map(\.partition), answer: false)
                    $0.readingBegins(at: Dictionary(starts.map { ($0.partition, $0.offset) }) { $1 })
                    return []
                }
                let offsets = starts.map { ($0.partition.partition, $0.offset) }
                let error = self.native.beginReading(topic, from: Dictionary(offsets) { $1 })
                self.storage.record(starts)
                return ready.set(error)
            case .failure(let error) where error.isRetriable || error.code == .topic:
                self.storage.record(error)
                if error.code != .topic { self.native.client.report(error, topic: topic) }
                self.storage.report { $0.expireReaders(now: .now) }
                // Also the pause before the next attempt: woken by a close.
                if let event = self.native.poll(milliseconds: 250) { self.handle(event) }
            case .failure(let error):
                self.native.client.report(error, topic: topic)
                self.storage.report { $0.failed(error) }
                return ready.set(error)
            }
        }
        ready.set(self.storage.inspect(\.failure) ?? .closed("reader"))
    }
}
