import Concurrency
import Synchronization

/// What a reader is told.
enum ReadOutcome: Sendable {
    case batch(KafkaBatch)
    case nothing
    /// All that was there has been handed out.
    case end
    case failed(KafkaError)
}

/// The state that tasks and the consumer's thread share: the state machine behind a lock, and those who wait.
///
/// What the machine decides inside the lock is carried out after it is released.
final class ConsumerStorage: Sendable {
    private struct State {
        var machine: ConsumerStateMachine
        /// Set until the thread destroys it; wakes only happen under the lock, so never afterwards.
        var client: NativeClient?
        var readers: [UInt64: Promise<ReadOutcome>] = [:]
        var closers: [Promise<Void>] = []
        var lastReader: UInt64 = 0
        var library: LibraryStatistics?
        var progress = ReadingProgress()
        var lastError: KafkaError?
        var lostRecords = 0
        var starts: [PartitionStart] = []
        /// What a reader has before it, and what of that is not in the buffer yet.
        var ends: [KafkaPartition: Int64] = [:]
        var unread: [KafkaPartition: Int64] = [:]
        /// Those who wait for no more than is there.
        var readersToEnd: Set<UInt64> = []

        mutating func record(_ statistics: LibraryStatistics, now: ContinuousClock.Instant) {
            library = statistics
            progress.record(statistics, of: machine.assignment, now: now)
        }
    }

    private let state: Mutex<State>

    init(limits: ConsumerLimits, client: NativeClient) {
        self.state = Mutex(State(machine: ConsumerStateMachine(limits: limits), client: client))
    }

    // MARK: Tasks

    /// Awaits a batch; `nothing` after a close, a cancellation, or the time-out.
    ///
    /// - Parameter toEnd: `end` once all partitions have reached their ends and the buffer is empty.
    func read(timeout: Duration? = nil, toEnd: Bool = false) async -> ReadOutcome {
        let promise = Promise<ReadOutcome>()
        let deadline = timeout.map { ContinuousClock.now + $0 }
        let reader = self.change { state -> (UInt64, [ConsumerStateMachine.Reply]) in
            state.lastReader &+= 1
            let reader = state.lastReader
            state.readers[reader] = promise
            let replies = state.machine.read(reader, deadline: deadline)
            if toEnd, state.unread.isEmpty, !state.machine.cancelRead(reader).isEmpty {
                // It would have to wait: nothing is in the buffer.
                state.readers[reader] = nil
                promise.set(.end)
            } else if toEnd {
                state.readersToEnd.insert(reader)
            }
            return (reader, replies)
        }
        return await withTaskCancellationHandler {
            await promise.value()
        } onCancel: {
            self.change { ((), $0.machine.cancelRead(reader)) }
        }
    }

    /// - Returns: whether the consumer still runs, so that the batch's offsets will be stored.
    func complete(_ batch: KafkaBatch) -> Bool {
        self.change { state in
            let isOpen = state.client != nil
            return (isOpen, state.machine.complete(batch))
        }
    }

    func setPaused(_ isPaused: Bool) {
        self.change { ((), $0.machine.setPaused(isPaused)) }
    }

    /// Starts closing.
    ///
    /// - Parameter drain: how long to wait for batches that are out; `nil` for the configured time.
    func requestClose(drain: Duration? = nil) {
        self.change { ((), $0.machine.close(now: .now, drain: drain)) }
    }

    /// Awaits the end of the thread.
    func closed() async {
        let promise = Promise<Void>()
        self.change { state in
            if state.client == nil { promise.set(()) } else { state.closers.append(promise) }
            return ((), [])
        }
        await promise.value()
    }

    var statistics: KafkaConsumerStatistics {
        self.state.withLock { state in
            var statistics = KafkaConsumerStatistics()
            statistics.lag = state.library?.lag.filter { state.machine.assignment.contains($0.key) } ?? [:]
            statistics.rebalances = state.machine.rebalances
            statistics.isJoined = state.machine.isJoined
            statistics.assignment = state.machine.assignment.sorted()
            statistics.bufferedRecords = state.machine.bufferedRecords
            statistics.outstandingBatches = state.machine.outstandingBatches
            statistics.outstandingRecords = state.machine.outstandingRecords
            statistics.connectedBrokers = state.library?.connectedBrokers
            statistics.lastError = state.lastError
            statistics.lostRecords = state.lostRecords
            statistics.unreadableStretches = state.machine.unreadableStretches
            statistics.waitingSince = state.progress.waitingSince
            statistics.openTransactions = state.progress.openTransactions
            return statistics
        }
    }

    // MARK: The thread

    /// The thread's next actions, with the time until which it may wait for events.
    func step(now: ContinuousClock.Instant) -> (actions: [ConsumerStateMachine.Action], wait: Duration, room: Int) {
        let (step, room, deliveries) = self.state.withLock { state in
            let step = state.machine.step(now: now)
            return (step, state.machine.room, ConsumerStorage.deliveries(step.replies, &state))
        }
        for deliver in deliveries { deliver() }
        let wait = step.deadline.map { max(.zero, now.duration(to: $0)) } ?? .seconds(1)
        return (step.actions, wait, room)
    }

    /// Reports something that happened; does not wake the thread, which is the one that reports.
    func report(_ body: (inout ConsumerStateMachine) -> [ConsumerStateMachine.Reply]) {
        let deliveries = self.state.withLock { state in
            let replies = body(&state.machine)
            return ConsumerStorage.deliveries(replies, &state)
        }
        for deliver in deliveries { deliver() }
    }

    /// Asks the searches for the ends of what can't be read.
    func passage(_ body: (inout ConsumerStateMachine) -> ConsumerPassage) -> ConsumerPassage {
        self.state.withLock { body(&$0.machine) }
    }

    func gaps(before records: [KafkaRecord]) -> [OffsetGap] {
        self.state.withLock { $0.machine.gaps(before: records) }
    }

    func countLost(_ count: Int64) {
        self.state.withLock { $0.lostRecords += Int(count) }
    }

    func inspect<Value: Sendable>(_ body: (ConsumerStateMachine) -> Value) -> Value {
        self.state.withLock { body($0.machine) }
    }

    func record(_ error: KafkaError) {
        self.state.withLock { $0.lastError = error }
    }

    func record(_ starts: [PartitionStart]) {
        self.state.withLock { state in
            state.starts = starts
            for start in starts where start.offset < start.end { state.ends[start.partition] = start.end }
            state.unread = state.ends
        }
    }

    /// Everything before this offset is in the buffer or was handed out.
    func reachedEnd(of partition: KafkaPartition, at offset: Int64) {
        let waiting = self.state.withLock { state -> [Promise<ReadOutcome>] in
            guard let end = state.unread[partition], offset >= end else { return [] }
            state.unread[partition] = nil
            guard state.unread.isEmpty else { return [] }
            defer { state.readersToEnd = [] }
            return state.readersToEnd.compactMap { reader in
                // A reader that waits has found the buffer empty.
                state.machine.cancelRead(reader).isEmpty ? nil : state.readers.removeValue(forKey: reader)
            }
        }
        for promise in waiting { promise.set(.end) }
    }

    /// What the partitions of a reader held when it found them.
    var extents: [KafkaPartition: Range<Int64>] {
        let starts = self.state.withLock { $0.starts }
        return Dictionary(starts.map { ($0.partition, $0.extent) }) { $1 }
    }

    var spans: [KafkaPartition: (start: Int64, end: Int64)] {
        let starts = self.state.withLock { $0.starts }
        return Dictionary(starts.map { ($0.partition, ($0.offset, $0.end)) }) { $1 }
    }

    /// Of the partitions with anything between where reading began and their end, that end.
    var ends: [KafkaPartition: Int64] { self.state.withLock { $0.ends } }

    /// - Returns: transactions that hold up reading, and have done so before.
    func record(_ statistics: LibraryStatistics, now: ContinuousClock.Instant) -> [KafkaOpenTransaction] {
        self.state.withLock { state in
            state.record(statistics, now: now)
            return state.progress.openTransactions
        }
    }

    /// From here on no caller wakes the client, so it may be destroyed.
    func detach() {
        self.state.withLock { $0.client = nil }
    }

    /// The client is destroyed: every caller that still waits is told.
    func finished() {
        let (closers, readers) = self.state.withLock { state in
            defer {
                state.closers = []
                state.readers = [:]
            }
            return (state.closers, state.readers)
        }
        for reader in readers.values { reader.set(.nothing) }
        for closer in closers { closer.set(()) }
    }

    /// For test support.
    func withClient(_ body: (NativeClient) -> Void) {
        self.state.withLock { state in
            if let client = state.client { body(client) }
        }
    }

    // MARK: Shared

    /// Changes the state for a task, wakes the thread to see to it, and tells those concerned.
    @discardableResult
    private func change<Value: Sendable>(
        _ body: (inout State) -> (Value, [ConsumerStateMachine.Reply])
    ) -> Value {
        let (value, deliveries) = self.state.withLock { state in
            let (value, replies) = body(&state)
            state.client?.wake()
            return (value, ConsumerStorage.deliveries(replies, &state))
        }
        for deliver in deliveries { deliver() }
        return value
    }

    private static func deliveries(
        _ replies: [ConsumerStateMachine.Reply],
        _ state: inout State
    ) -> [@Sendable () -> Void] {
        var deliveries: [@Sendable () -> Void] = []
        for reply in replies {
            switch reply {
            case .batch(let reader, let batch):
                state.readersToEnd.remove(reader)
                guard let promise = state.readers.removeValue(forKey: reader) else { continue }
                deliveries.append { promise.set(.batch(batch)) }
            case .nothing(let reader):
                state.readersToEnd.remove(reader)
                guard let promise = state.readers.removeValue(forKey: reader) else { continue }
                deliveries.append { promise.set(.nothing) }
            case .failed(let reader, let error):
                guard let promise = state.readers.removeValue(forKey: reader) else { continue }
                deliveries.append { promise.set(.failed(error)) }
            }
        }
        return deliveries
    }
}
