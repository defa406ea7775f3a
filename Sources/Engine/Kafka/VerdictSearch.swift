package import Analysis
package import Kafka

/// A search for messages on the verdict topic. It remembers how far it has read, so that the next attempt goes on where
/// a failed one stopped, and keeps only ids that are looked for.
package struct VerdictSearch: Sendable {
    /// More ids are not remembered; those that were looked for earliest are forgotten first, and looked for anew when they
    /// are wanted again.
    static let maximumIDs = 4096

    private var order: [String] = []
    private var wanted: Set<String> = []
    /// Those of the ids that are on the topic, as far as it was read.
    package private(set) var found: Set<String> = []
    /// The next offset to read of each partition.
    package private(set) var reached: [KafkaPartition: Int64] = [:]
    /// Records created since then are to be read for ids that are new; nil when there are none.
    package private(set) var since: Timestamp?

    package init() {}

    /// Looks for these, too.
    mutating func want(_ messages: [(id: String, createdAt: Timestamp)]) {
        let ids = Set(messages.map(\.id))
        order.removeAll { ids.contains($0) }
        for (id, createdAt) in messages {
            order.append(id)
            guard wanted.insert(id).inserted else { continue }
            since = since.map { min($0, createdAt) } ?? createdAt
        }
        guard order.count > Self.maximumIDs else { return }
        for id in order.prefix(order.count - Self.maximumIDs) {
            wanted.remove(id)
            found.remove(id)
        }
        order.removeFirst(order.count - Self.maximumIDs)
    }

    /// The starting points are known: from there on nothing is left out for any id.
    package mutating func begin(at offsets: [KafkaPartition: Int64]) {
        reached = offsets
        since = nil
    }

    package mutating func read(_ id: String?, of partition: KafkaPartition, offset: Int64) {
        reached[partition] = max(reached[partition] ?? 0, offset + 1)
        if let id, wanted.contains(id) { found.insert(id) }
    }

    /// Everything up to these offsets was read, also where no record stands.
    package mutating func end(at offsets: [KafkaPartition: Int64]) {
        for (partition, offset) in offsets { reached[partition] = max(reached[partition] ?? 0, offset) }
    }
}
