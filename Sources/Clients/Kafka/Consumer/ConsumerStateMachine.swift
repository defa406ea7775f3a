/// What a consumer's thread is to do next, decided from everything that happened so far. No I/O, no clock, no lock.
///
/// Tasks ask (read, complete, pause, close), the thread reports (records, rebalances, commits) and asks for its next
/// actions with `step`. What tasks are to be told comes out as `Reply` values.
struct ConsumerStateMachine {
    typealias Instant = ContinuousClock.Instant

    /// For the thread to perform, in order.
    enum Action: Equatable {
        case store([KafkaPartition: KafkaPosition])
        case commit(ticket: UInt)
        case pause([KafkaPartition])
        case resume([KafkaPartition])
        case assign([KafkaPartition])
        case unassign([KafkaPartition])
        /// Leave the group.
        case leave
        /// Free everything; the thread ends. `gracefully` is false when leaving failed or took too long.
        case finish(gracefully: Bool)
    }

    /// For tasks that wait.
    enum Reply {
        case batch(reader: UInt64, KafkaBatch)
        /// Nothing (more): closed, cancelled, or the time has passed.
        case nothing(reader: UInt64)
        case failed(reader: UInt64, KafkaError)
    }

    enum Phase: Equatable {
        case running
        case draining(until: Instant)
        case committing(ticket: UInt, until: Instant)
        case readyToLeave
        case leaving(until: Instant)
        case finished
    }

    private enum RevocationStage: Equatable {
        case draining(until: Instant)
        case committing(ticket: UInt, until: Instant)
    }

    private struct Revocation {
        var partitions: Set<KafkaPartition>
        var stage: RevocationStage
    }

    let limits: ConsumerLimits
    private(set) var phase = Phase.running
    private(set) var assignment: Set<KafkaPartition> = []
    private(set) var isJoined = false
    private(set) var rebalances = 0
    private(set) var failure: KafkaError?
    private var buffer: RecordBuffer
    private var tracker = OffsetTracker()
    private var positions = ReadingPositions()
    private var readers: [(id: UInt64, deadline: Instant?)] = []
    private var lastBatch: UInt64 = 0
    private var lastTicket: UInt = 0
    private var revocation: Revocation?
    private var answers: [Action] = []
    private var isPauseRequested = false
    private var isHeldBack = false
    private var paused: Set<KafkaPartition> = []
    /// Partitions that stand before something that can't be read; see `ConsumerStateMachine+Unreadable`.
    var searches: [KafkaPartition: PendingSearch] = [:]
    /// Stretches that could not be read, and were passed over.
    var unreadableStretches = 0

    init(limits: ConsumerLimits) {
        self.limits = limits
        self.buffer = RecordBuffer(maximumRecords: limits.bufferRecords, maximumBytes: limits.bufferBytes)
    }

    var bufferedRecords: Int { self.buffer.count }
    var outstandingBatches: Int { self.tracker.outstanding }
    var outstandingRecords: Int { self.tracker.outstandingRecords }
    /// How many records the thread may still fetch before it asks again.
    var room: Int { max(1, min(self.limits.batchRecords, self.limits.bufferRecords - self.buffer.count)) }
    /// Partitions all of whose fetched records are done.
    var idlePartitions: [KafkaPartition] {
        guard self.limits.storesOffsets, self.phase == .running, self.revocation == nil, self.buffer.isEmpty else {
            return []
        }
        // A search fetches from behind what has been dealt with.
        return self.assignment.filter { !self.tracker.isBusy([$0]) && self.searches[$0] == nil }.sorted()
    }
}

// MARK: - Asked by tasks

extension ConsumerStateMachine {
    mutating func read(_ reader: UInt64, deadline: Instant?) -> [Reply] {
        if let failure = self.failure { return [.failed(reader: reader, failure)] }
        guard self.phase == .running else { return [.nothing(reader: reader)] }
        self.readers.append((reader, deadline))
        return self.dispatch()
    }

    mutating func cancelRead(_ reader: UInt64) -> [Reply] {
        guard let index = self.readers.firstIndex(where: { $0.id == reader }) else { return [] }
        self.readers.remove(at: index)
        return [.nothing(reader: reader)]
    }

    mutating func complete(_ batch: KafkaBatch) -> [Reply] {
        self.tracker.complete(batch.id)
        return self.dispatch()
    }

    mutating func setPaused(_ isPaused: Bool) -> [Reply] {
        self.isPauseRequested = isPaused
        return self.dispatch()
    }

    mutating func close(now: Instant, drain: Duration?) -> [Reply] {
        guard self.phase == .running else { return [] }
        self.phase = .draining(until: now + (drain ?? self.limits.drainTimeout))
        // Records not handed out are left to the next member of the group.
        self.buffer.removeAll()
        defer { self.readers = [] }
        return self.readers.map { .nothing(reader: $0.id) }
    }

    private mutating func nextTicket() -> UInt {
        // 0 is the background commit; wrapping is out of reach.
        self.lastTicket &+= 1
        return self.lastTicket
    }

    private mutating func dispatch() -> [Reply] {
        guard self.phase == .running, !self.isPauseRequested else { return [] }
        var replies: [Reply] = []
        while let reader = self.readers.first, !self.buffer.isEmpty,
            self.tracker.outstanding < self.limits.outstandingBatches
        {
            self.readers.removeFirst()
            let records = self.buffer.removeFirst(records: self.limits.batchRecords, bytes: self.limits.batchBytes)
            self.lastBatch &+= 1
            self.tracker.begin(self.lastBatch, records: records.count, ends: KafkaBatch.ends(of: records))
            replies.append(.batch(reader: reader.id, KafkaBatch(records: records, id: self.lastBatch)))
        }
        return replies
    }
}

// MARK: - Reported by the thread

extension ConsumerStateMachine {
    mutating func received(_ records: [KafkaRecord]) -> [Reply] {
        guard self.phase == .running else { return [] }
        for record in records where self.holds(record.source) { self.buffer.append(record) }
        return self.dispatch()
    }

    /// What is committed for partitions that are being assigned: the next record should be there.
    mutating func readingBegins(at offsets: [KafkaPartition: Int64]) {
        for (partition, offset) in offsets where self.holds(partition) {
            self.positions.begin(partition, at: offset)
        }
    }

    /// The offsets that were passed over before records that came, to be asked for once and in order.
    mutating func gaps(before records: [KafkaRecord]) -> [OffsetGap] {
        records.compactMap { record in
            self.holds(record.source)
                ? self.positions.advance(record.source, offset: record.offset, end: record.end) : nil
        }
    }

    func nextOffset(of partition: KafkaPartition) -> Int64? { self.positions.next(of: partition) }

    /// Nothing is fetched from it for the time being.
    func isHeld(_ partition: KafkaPartition) -> Bool { self.paused.contains(partition) }

    func holds(_ partition: KafkaPartition) -> Bool {
        self.assignment.contains(partition) && !(self.revocation?.partitions.contains(partition) ?? false)
    }

    mutating func assigned(_ partitions: [KafkaPartition], answer: Bool = true) {
        self.rebalances &+= 1
        self.isJoined = true
        self.assignment.formUnion(partitions)
        if answer { self.answers.append(.assign(partitions)) }
    }

    mutating func revoked(_ partitions: [KafkaPartition], isLost: Bool, now: Instant) {
        let gone = Set(partitions)
        self.rebalances &+= 1
        self.isJoined = false
        self.buffer.remove(gone)
        for partition in gone { self.searches[partition] = nil }
        guard !isLost, self.limits.storesOffsets, self.phase == .running || self.isClosingBeforeLeave else {
            self.release(gone)
            return
        }
        self.revocation = Revocation(
            partitions: gone.union(self.revocation?.partitions ?? []),
            stage: .draining(until: now + self.limits.revokeGrace)
        )
    }

    private var isClosingBeforeLeave: Bool {
        switch self.phase {
        case .draining, .committing, .readyToLeave: true
        case .running, .leaving, .finished: false
        }
    }

    /// The partitions under revocation were lost after all: nothing may be committed for them.
    mutating func lost() {
        guard let revocation = self.revocation else { return }
        self.release(revocation.partitions)
    }

    var isRevoking: Bool { self.revocation != nil }

    private mutating func release(_ gone: Set<KafkaPartition>) {
        self.revocation = nil
        self.tracker.forget(gone)
        self.positions.forget(gone)
        self.assignment.subtract(gone)
        // A pause would outlive the assignment inside librdkafka, and hold back the partition when it is assigned again.
        let held = self.paused.intersection(gone)
        self.paused.subtract(gone)
        if !held.isEmpty { self.answers.append(.resume(held.sorted())) }
        self.answers.append(.unassign(gone.sorted()))
    }

    mutating func committed(_ ticket: UInt) {
        if case .committing(ticket, _) = self.revocation?.stage, let revocation = self.revocation {
            self.release(revocation.partitions)
        }
        if case .committing(ticket, _) = self.phase { self.phase = .readyToLeave }
    }

    mutating func failed(_ error: KafkaError) -> [Reply] {
        self.failure = error
        defer { self.readers = [] }
        return self.readers.map { .failed(reader: $0.id, error) }
    }

    /// The group was left, or can't be.
    mutating func left(gracefully: Bool) {
        guard case .leaving = self.phase else { return }
        self.phase = .finished
        self.answers.append(.finish(gracefully: gracefully))
    }
}

// MARK: - The next step

extension ConsumerStateMachine {
    struct Step {
        var actions: [Action] = []
        var replies: [Reply] = []
        /// When the next step is due although nothing happened.
        var deadline: Instant?
    }

    mutating func step(now: Instant) -> Step {
        var step = Step()
        self.expireReaders(now: now, into: &step)
        let positions = self.tracker.takeStorable()
        if self.limits.storesOffsets, !positions.isEmpty { step.actions.append(.store(positions)) }
        self.advanceRevocation(now: now, into: &step)
        self.advanceClosing(now: now, into: &step)
        step.actions += self.answers
        self.answers = []
        self.adjustPause(into: &step)
        return step
    }

    /// The readers whose time has run out, for a thread that has no steps to take yet.
    mutating func expireReaders(now: Instant) -> [Reply] {
        var step = Step()
        self.expireReaders(now: now, into: &step)
        return step.replies
    }

    private mutating func expireReaders(now: Instant, into step: inout Step) {
        for reader in self.readers {
            guard let deadline = reader.deadline else { continue }
            if deadline <= now { step.replies.append(.nothing(reader: reader.id)) } else { step.wait(until: deadline) }
        }
        self.readers.removeAll { $0.deadline.map { $0 <= now } ?? false }
    }

    private mutating func advanceRevocation(now: Instant, into step: inout Step) {
        guard var revocation = self.revocation else { return }
        switch revocation.stage {
        case .draining(let deadline):
            guard !self.tracker.isBusy(revocation.partitions) || deadline <= now else {
                return step.wait(until: deadline)
            }
            let ticket = self.nextTicket()
            let commitDeadline = now + self.limits.commitTimeout
            revocation.stage = .committing(ticket: ticket, until: commitDeadline)
            self.revocation = revocation
            step.actions.append(.commit(ticket: ticket))
            step.wait(until: commitDeadline)
        case .committing(_, let deadline):
            if deadline <= now { self.release(revocation.partitions) } else { step.wait(until: deadline) }
        }
    }

    private mutating func advanceClosing(now: Instant, into step: inout Step) {
        if case .draining(let deadline) = self.phase {
            guard self.tracker.outstanding == 0 || deadline <= now || self.failure != nil else {
                return step.wait(until: deadline)
            }
            if self.limits.storesOffsets, !self.assignment.isEmpty, self.failure == nil {
                let ticket = self.nextTicket()
                self.phase = .committing(ticket: ticket, until: now + self.limits.commitTimeout)
                step.actions.append(.commit(ticket: ticket))
            } else {
                self.phase = .readyToLeave
            }
        }
        if case .committing(_, let deadline) = self.phase {
            guard deadline <= now else { return step.wait(until: deadline) }
            self.phase = .readyToLeave
        }
        if self.phase == .readyToLeave, self.revocation == nil {
            self.phase = .leaving(until: now + self.limits.leaveTimeout)
            step.actions += self.answers + [.leave]
            self.answers = []
        }
        if case .leaving(let deadline) = self.phase {
            if deadline <= now { self.left(gracefully: false) } else { step.wait(until: deadline) }
        }
    }

    /// Pauses or resumes what differs from what is wanted. Only what was paused here is ever resumed: resuming an
    /// unpaused partition could rewind it before librdkafka 2.4.
    private mutating func adjustPause(into step: inout Step) {
        if self.buffer.isFull { self.isHeldBack = true } else if self.buffer.isLow { self.isHeldBack = false }
        guard self.phase == .running else { return }
        let eligible = self.assignment.subtracting(self.revocation?.partitions ?? [])
        if self.isPauseRequested || self.isHeldBack {
            let fresh = eligible.subtracting(self.paused)
            guard !fresh.isEmpty else { return }
            self.paused.formUnion(fresh)
            step.actions.append(.pause(fresh.sorted()))
        } else {
            let held = eligible.intersection(self.paused)
            guard !held.isEmpty else { return }
            self.paused.subtract(held)
            step.actions.append(.resume(held.sorted()))
        }
    }
}

extension ConsumerStateMachine.Step {
    fileprivate mutating func wait(until instant: ContinuousClock.Instant) {
        self.deadline = self.deadline.map { min($0, instant) } ?? instant
    }
}
