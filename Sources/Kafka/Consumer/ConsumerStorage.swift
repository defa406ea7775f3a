import Synchronization

/// What a reader is told.
enum ReadOutcome: Sendable {
    case batch(KafkaBatch)
    case nothing
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
        var commits: [UInt: Promise<KafkaError?>] = [:]
        var closers: [Promise<Void>] = []
        var lastReader: UInt64 = 0
        var library: LibraryStatistics?
        var lastError: KafkaError?
        var extents: [KafkaPartition: Range<Int64>] = [:]
        var unread: [KafkaPartition: Range<Int64>] = [:]
    }

    private let state: Mutex<State>

    init(limits: ConsumerLimits, client: NativeClient) {
        self.state = Mutex(State(machine: ConsumerStateMachine(limits: limits), client: client))
    }

    // MARK: Tasks

    /// Awaits a batch; `nothing` after a close, a cancellation, or the time-out.
    func read(timeout: Duration? = nil) async -> ReadOutcome {
        let promise = Promise<ReadOutcome>()
        let deadline = timeout.map { ContinuousClock.now + $0 }
        let reader = self.change { state -> (UInt64, [ConsumerStateMachine.Reply]) in
            state.lastReader &+= 1
            state.readers[state.lastReader] = promise
            return (state.lastReader, state.machine.read(state.lastReader, deadline: deadline))
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

    func commit() async -> KafkaError? {
        let promise = Promise<KafkaError?>()
        self.change { state in
            guard state.client != nil else {
                promise.set(.closed("consumer"))
                return ((), [])
            }
            state.commits[state.machine.commit(now: .now)] = promise
            return ((), [])
        }
        return await promise.value()
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
            statistics.connectedBrokers = state.library?.connectedBrokers
            statistics.lastError = state.lastError
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

    func inspect<Value: Sendable>(_ body: (ConsumerStateMachine) -> Value) -> Value {
        self.state.withLock { body($0.machine) }
    }

    func note(_ error: KafkaError) {
        self.state.withLock { $0.lastError = error }
    }

    func note(_ starts: [PartitionStart]) {
        self.state.withLock { state in
            for start in starts {
                state.extents[start.partition] = start.extent
                guard start.offset < start.extent.upperBound else { continue }
                state.unread[start.partition] = start.offset..<start.extent.upperBound
            }
        }
    }

    /// What the partitions of a reader held when it found them.
    var extents: [KafkaPartition: Range<Int64>] { self.state.withLock { $0.extents } }

    /// Of that, what comes after where reading began; only partitions with any.
    var unread: [KafkaPartition: Range<Int64>] { self.state.withLock { $0.unread } }

    func note(_ statistics: LibraryStatistics) {
        self.state.withLock { $0.library = statistics }
    }

    /// From here on nobody wakes the client, which may be destroyed.
    func detach() {
        self.state.withLock { $0.client = nil }
    }

    /// The client is gone: everybody who still waits is told.
    func finished() {
        let (closers, readers, commits) = self.state.withLock { state in
            defer {
                state.closers = []
                state.readers = [:]
                state.commits = [:]
            }
            return (state.closers, state.readers, state.commits)
        }
        for reader in readers.values { reader.set(.nothing) }
        for commit in commits.values { commit.set(.closed("consumer")) }
        for closer in closers { closer.set(()) }
    }

    /// Breaks the handle as a broker's fatal error would, to try what follows from it.
    func injectFatalError(_ reason: String) {
        self.state.withLock { $0.client?.raiseFatalError(reason) }
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
                guard let promise = state.readers.removeValue(forKey: reader) else { continue }
                deliveries.append { promise.set(.batch(batch)) }
            case .nothing(let reader):
                guard let promise = state.readers.removeValue(forKey: reader) else { continue }
                deliveries.append { promise.set(.nothing) }
            case .failed(let reader, let error):
                guard let promise = state.readers.removeValue(forKey: reader) else { continue }
                deliveries.append { promise.set(.failed(error)) }
            case .committed(let ticket, let error):
                guard let promise = state.commits.removeValue(forKey: ticket) else { continue }
                deliveries.append { promise.set(error) }
            }
        }
        return deliveries
    }
}
