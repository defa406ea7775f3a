import Kafka

/// A group in memory: who reads which partition of one topic, and how far each has got.
struct ConsumerGroup: Sendable {
    struct Member: Sendable {
        var link: Link
        /// Called when there is something new to ask for.
        var wake: @Sendable () -> Void
        var lastSeen: Duration
        var partitions: [Int]
    }

    let topic: String
    private(set) var generation = 0
    private(set) var committed: [Int64]
    /// In the order of joining.
    private(set) var order: [String] = []
    private(set) var members: [String: Member] = [:]

    init(topic: String, partitions: Int) {
        self.topic = topic
        committed = Array(repeating: 0, count: partitions)
    }

    mutating func join(_ id: String, over link: Link, at now: Duration, wake: @escaping @Sendable () -> Void) {
        guard members[id] == nil else { return }
        members[id] = Member(link: link, wake: wake, lastSeen: now, partitions: [])
        order.append(id)
        rebalance()
    }

    mutating func leave(_ id: String) {
        guard members.removeValue(forKey: id) != nil else { return }
        order.removeAll { $0 == id }
        rebalance()
    }

    mutating func see(_ id: String, at now: Duration) {
        members[id]?.lastSeen = now
    }

    /// Takes offsets from the members of this generation only, and only for partitions that are theirs.
    mutating func commit(_ offsets: [Int: Int64], by id: String, generation: Int) {
        guard generation == self.generation, let member = members[id] else { return }
        for (partition, offset) in offsets where member.partitions.contains(partition) {
            committed[partition] = max(committed[partition], offset)
        }
    }

    private mutating func rebalance() {
        generation += 1
        for id in order { members[id]?.partitions = [] }
        guard !order.isEmpty else { return }
        for partition in committed.indices {
            members[order[partition % order.count]]?.partitions.append(partition)
        }
    }
}
