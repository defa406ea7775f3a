import Kafka
import Synchronization

/// Topics, consumer groups and transactions in memory, for as long as a simulation lives.
package final class MemoryBus: Sendable {
    private struct State: Sendable {
        var topics: [String: MemoryTopic] = [:]
        var groups: [String: ConsumerGroup] = [:]
        /// The newest epoch of each transactional id.
        var epochs: [String: Int] = [:]
        /// Counts beginnings and ends of transactions.
        var transactions: [String: Int] = [:]
        var watchers: [String: @Sendable ([KafkaRecord]) -> Void] = [:]
    }

    /// What a member of a group gets.
    struct Fetched: Sendable {
        var generation: Int
        var partitions: [Int]
        var committed: [Int64]
        var records: [KafkaRecord]
        var next: [Int: Int64]
    }

    private let scheduler: SimulatedScheduler
    private let state = Mutex(State())
    /// A member that is not heard of for this long has left.
    private let sessionTimeout: Duration
    private let transactionTimeout: Duration

    package init(scheduler: SimulatedScheduler, sessionTimeout: Duration, transactionTimeout: Duration) {
        self.scheduler = scheduler
        self.sessionTimeout = sessionTimeout
        self.transactionTimeout = transactionTimeout
    }

    package func add(topic name: String, partitions: Int) {
        state.withLock { $0.topics[name] = MemoryTopic(name: name, partitions: partitions) }
    }

    func watch(_ topic: String, _ watcher: @escaping @Sendable ([KafkaRecord]) -> Void) {
        state.withLock { $0.watchers[topic] = watcher }
    }

    func topic(_ name: String) -> MemoryTopic {
        state.withLock { $0.topics[name] } ?? MemoryTopic(name: name, partitions: 1)
    }

    /// Forgets everybody; the bus is of no more use.
    func clear() {
        state.withLock { state in
            state.groups = [:]
            state.watchers = [:]
        }
    }

    // MARK: - Producing

    @discardableResult
    func append(_ message: KafkaMessage) -> KafkaDelivery {
        let delivery = state.withLock { state in
            state.topics[message.topic, default: MemoryTopic(name: message.topic, partitions: 1)]
                .append(message, as: .committed)
        }
        show([record(at: delivery)], on: message.topic)
        return delivery
    }

    /// Takes a transactional id over: fences its previous owner, and undoes what that one left open.
    func open(_ id: String) -> Int {
        let epoch = state.withLock { state in
            state.epochs[id, default: 0] += 1
            return state.epochs[id, default: 0]
        }
        end(id, commits: false)
        return epoch
    }

    /// Undoes what is open and takes a new epoch; nil when the id belongs to a newer owner.
    func reopen(_ id: String, epoch: Int) -> Int? {
        guard state.withLock({ $0.epochs[id] == epoch }) else { return nil }
        return open(id)
    }

    /// Nil when the id belongs to a newer owner. What is not finished in time is undone, and its producer fenced.
    func send(_ messages: [KafkaMessage], as id: String, epoch: Int) -> [KafkaDelivery]? {
        let sent = state.withLock { state -> (deliveries: [KafkaDelivery], number: Int)? in
            guard state.epochs[id] == epoch else { return nil }
            state.transactions[id, default: 0] += 1
            let deliveries = messages.map { message in
                state.topics[message.topic, default: MemoryTopic(name: message.topic, partitions: 1)]
                    .append(message, as: .open(producer: id))
            }
            return (deliveries, state.transactions[id, default: 0])
        }
        guard let sent else { return nil }
        scheduler.after(transactionTimeout) {
            let isOpen = self.state.withLock { $0.epochs[id] == epoch && $0.transactions[id] == sent.number }
            if isOpen { _ = self.open(id) }
        }
        return sent.deliveries
    }

    /// False when the id belongs to a newer owner.
    func finish(_ id: String, epoch: Int, commits: Bool) -> Bool {
        let isNewest = state.withLock { state in
            guard state.epochs[id] == epoch else { return false }
            state.transactions[id, default: 0] += 1
            return true
        }
        guard isNewest else { return false }
        end(id, commits: commits)
        return true
    }

    private func end(_ id: String, commits: Bool) {
        let names = state.withLock { $0.topics.keys.sorted() }
        for name in names {
            let shown = state.withLock { $0.topics[name]?.end(id, commits: commits) } ?? []
            // Undoing shows what stood behind it.
            show(shown, on: name)
        }
    }

    private func record(at delivery: KafkaDelivery) -> KafkaRecord {
        topic(delivery.topic).partitions[Int(delivery.partition)][Int(delivery.offset)].record
    }

    private func show(_ records: [KafkaRecord], on topic: String) {
        if !records.isEmpty { state.withLock { $0.watchers[topic] }?(records) }
        let wakes = state.withLock { state in
            state.groups.sorted { $0.key < $1.key }.filter { $0.value.topic == topic }
                .flatMap { group in group.value.order.compactMap { group.value.members[$0]?.wake } }
        }
        for wake in wakes { wake() }
    }

    // MARK: - Consuming

    func add(group: String, of topic: String) {
        state.withLock { state in
            let partitions = state.topics[topic]?.partitions.count ?? 1
            state.groups[group] = ConsumerGroup(topic: topic, partitions: partitions)
        }
        expel(from: group)
    }

    /// How far a group has got behind the ends of its topic.
    func lag(of group: String) -> Int64 {
        state.withLock { state in
            guard let known = state.groups[group], let topic = state.topics[known.topic] else { return 0 }
            return zip(known.committed, topic.partitions).reduce(0) { $0 + Int64($1.1.count) - $1.0 }
        }
    }

    /// What a member asks for: joins when it is unknown, commits what it has done, and reads on behind its positions.
    func fetch(
        _ member: String,
        of group: String,
        over link: Link,
        done: [Int: Int64],
        generation: Int,
        positions: [Int: Int64],
        limit: Int,
        wake: @escaping @Sendable () -> Void
    ) -> Fetched {
        let now = scheduler.elapsed
        let before = state.withLock { $0.groups[group]?.generation }
        let fetched = state.withLock { state -> Fetched? in
            guard var known = state.groups[group], let topic = state.topics[known.topic] else { return nil }
            known.commit(done, by: member, generation: generation)
            known.join(member, over: link, at: now, wake: wake)
            known.see(member, at: now)
            let partitions = known.members[member]?.partitions ?? []
            var fetched = Fetched(
                generation: known.generation,
                partitions: partitions,
                committed: known.committed,
                records: [],
                next: [:]
            )
            // After a rebalance everybody begins again where the group has got to.
            for partition in partitions where generation == known.generation {
                let from = positions[partition] ?? known.committed[partition]
                let read = topic.committed(partition, from: from, limit: limit - fetched.records.count)
                fetched.records += read.records
                fetched.next[partition] = read.next
            }
            state.groups[group] = known
            return fetched
        }
        if let fetched, fetched.generation != before { wakeAll(of: group) }
        return fetched ?? Fetched(generation: 0, partitions: [], committed: [], records: [], next: [:])
    }

    func commit(_ done: [Int: Int64], of group: String, by member: String, generation: Int) {
        state.withLock { $0.groups[group]?.commit(done, by: member, generation: generation) }
    }

    func leave(_ member: String, of group: String) {
        state.withLock { $0.groups[group]?.leave(member) }
        wakeAll(of: group)
    }

    private func wakeAll(of group: String) {
        let wakes = state.withLock { state in
            state.groups[group].map { group in group.order.compactMap { group.members[$0]?.wake } } ?? []
        }
        for wake in wakes { wake() }
    }

    /// Removes members that have not been heard of, again and again.
    private func expel(from group: String) {
        let now = scheduler.elapsed
        let gone = state.withLock { state in
            var gone: [@Sendable () -> Void] = []
            guard let known = state.groups[group] else { return gone }
            for id in known.order {
                guard let member = known.members[id] else { continue }
                if member.link.isHeard(by: .bus) {
                    state.groups[group]?.see(id, at: now)
                } else if now - member.lastSeen > sessionTimeout {
                    state.groups[group]?.leave(id)
                    gone.append(member.wake)
                }
            }
            return gone
        }
        // A member that is alive learns of it by its next heartbeat.
        for wake in gone { wake() }
        if !gone.isEmpty { wakeAll(of: group) }
        scheduler.after(sessionTimeout / 2) { self.expel(from: group) }
    }
}
