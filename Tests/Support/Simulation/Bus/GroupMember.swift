import Kafka
import Synchronization

/// A process's place in a consumer group: hands records out in order and says how far they are done with.
final class GroupMember: Sendable {
    private struct State {
        var generation = 0
        var positions: [Int: Int64] = [:]
        /// Up to where everything is done, to be committed with the next call.
        var done: [Int: Int64] = [:]
        /// Handed out and not done, by partition.
        var out: [Int: Set<Int64>] = [:]
        /// The end of what was handed out, by partition.
        var ends: [Int: Int64] = [:]
        var isJoined = false
        var isPaused = false
        var isClosed = false
    }

    /// Records that may be handed out at once.
    static let batch = 16

    private let name: String
    private let group: String
    private let bus: MemoryBus
    private let link: Link
    private let bell = Bell()
    private let state = Mutex(State())
    private let retry: Duration
    private let storesAtOnce: Bool

    /// `storesAtOnce` commits what is handed out before it is done: the defect.
    init(name: String, group: String, bus: MemoryBus, link: Link, retry: Duration, storesAtOnce: Bool = false) {
        self.retry = retry
        self.name = name
        self.group = group
        self.bus = bus
        self.link = link
        self.storesAtOnce = storesAtOnce
        link.process.onDeath { [bell] in bell.ring() }
    }

    var isJoined: Bool { state.withLock { $0.isJoined } }

    /// Waits for records; nil once closed or cancelled.
    func next() async -> [KafkaRecord]? {
        while true {
            guard !Task.isCancelled, link.process.isAlive else { return nil }
            let (isClosed, isPaused) = state.withLock { ($0.isClosed, $0.isPaused) }
            guard !isClosed else { return nil }
            guard !isPaused else {
                await bell.wait()
                continue
            }
            let (done, generation, positions) = state.withLock { ($0.done, $0.generation, $0.positions) }
            do throws(LinkFailure) {
                let fetched = try await link.call("fetch", to: .bus) { [self] in
                    bus.fetch(
                        name,
                        of: group,
                        over: link,
                        done: done,
                        generation: generation,
                        positions: positions,
                        limit: Self.batch
                    ) { [bell] in bell.ring() }
                }
                guard let records = accept(fetched) else { continue }
                if storesAtOnce, !records.isEmpty { try await commit() }
                if !records.isEmpty { return records }
                await bell.wait()
            } catch {
                guard error != .dead else { return nil }
                // Trouble that passes is waited out.
                try? await link.process.scheduler.sleep(retry)
            }
        }
    }

    /// Nil when the group has been dealt anew, so that it has to be asked again.
    private func accept(_ fetched: MemoryBus.Fetched) -> [KafkaRecord]? {
        state.withLock { state in
            state.isJoined = true
            guard fetched.generation == state.generation else {
                state.generation = fetched.generation
                state.done = [:]
                state.out = [:]
                state.ends = [:]
                state.positions = [:]
                for partition in fetched.partitions { state.positions[partition] = fetched.committed[partition] }
                return nil
            }
            for (partition, next) in fetched.next {
                state.positions[partition] = next
                state.ends[partition] = next
                if state.out[partition, default: []].isEmpty, !storesAtOnce, fetched.isEmpty(partition) {
                    state.done[partition] = next
                }
            }
            for record in fetched.records { state.out[Int(record.partition), default: []].insert(record.offset) }
            if storesAtOnce { for (partition, next) in fetched.next { state.done[partition] = next } }
            return fetched.records
        }
    }

    /// The records are done with. Records of partitions that were taken away meanwhile are passed over.
    func finish(_ records: [KafkaRecord]) {
        state.withLock { state in
            for record in records {
                let partition = Int(record.partition)
                guard state.out[partition]?.remove(record.offset) != nil else { continue }
                state.done[partition] = state.out[partition]?.min() ?? state.ends[partition] ?? record.offset + 1
            }
        }
        bell.ring()
    }

    func setPaused(_ isPaused: Bool) {
        state.withLock { $0.isPaused = isPaused }
        if !isPaused { bell.ring() }
    }

    private func commit() async throws(LinkFailure) {
        let (done, generation) = state.withLock { ($0.done, $0.generation) }
        try await link.call("commit offsets", to: .bus) { [self] in
            bus.commit(done, of: group, by: name, generation: generation)
        }
    }

    func close() async {
        let wasClosed = state.withLock { state in
            defer { state.isClosed = true }
            return state.isClosed
        }
        bell.ring()
        guard !wasClosed else { return }
        do throws(LinkFailure) {
            try await commit()
            try await link.call("leave", to: .bus) { [self] in bus.leave(name, of: group) }
        } catch {
            // The group notices after a while.
        }
    }
}

extension MemoryBus.Fetched {
    func isEmpty(_ partition: Int) -> Bool { !records.contains { Int($0.partition) == partition } }
}
