/// A place in all messages of a sink: in each shard the number of the last message that lies before it.
///
/// Within a shard numbers rise in the order in which messages become visible, so a reader that goes on from a cursor
/// passes nothing over. Over all shards they do not.
package struct OutboxCursor: Sendable, Hashable, CustomStringConvertible {
    /// By shard.
    package private(set) var sequences: [Int64]

    /// Before the first message.
    package init() {
        sequences = Array(repeating: 0, count: OutboxShard.count)
    }

    /// `12.40.3.7`, as `description` writes it; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in
            part.utf8.allSatisfy { (48...57).contains($0) } ? Int64(part) : nil
        }
        guard parts.count == OutboxShard.count, numbers.count == parts.count else { return nil }
        sequences = numbers
    }

    package var description: String { sequences.map(String.init).joined(separator: ".") }

    /// Behind a message too.
    package mutating func pass(_ message: OutboxMessage) {
        sequences[message.shard] = max(sequences[message.shard], message.sequence)
    }

    package mutating func pass(shard: Int, sequence: Int64) {
        guard sequences.indices.contains(shard) else { return }
        sequences[shard] = max(sequences[shard], sequence)
    }
}
