package import Analysis
import Text

/// Who claims sessions, and until when they are held.
package struct LeaseClaim: Sendable, Equatable {
    package var owner: String
    package var now: Timestamp
    package var until: Timestamp

    package init(owner: String, now: Timestamp, until: Timestamp) {
        self.owner = owner
        self.now = now
        self.until = until
    }
}

/// A part of the messages of a sink: the messages of one key are in one shard, and one replica delivers a shard.
package enum OutboxShard {
    /// Never changes: it says where stored messages belong.
    package static let count = 4

    /// FNV-1a with 64 bits over the key's bytes, modulo the number of shards.
    package static func of(key: String) -> Int {
        Int(FNV1a64.hash(key.utf8) % UInt64(count))
    }
}

/// Who wants shards of a sink, how many, and until when they are held.
package struct ShardClaim: Sendable, Equatable {
    package var sink: OutboxSink
    package var owner: String
    package var wanted: Int
    package var now: Timestamp
    package var until: Timestamp

    package init(sink: OutboxSink, owner: String, wanted: Int, now: Timestamp, until: Timestamp) {
        self.sink = sink
        self.owner = owner
        self.wanted = wanted
        self.now = now
        self.until = until
    }
}

/// A held shard. The replica that takes it over raises the fence, so that its previous holder can settle nothing more.
package struct ShardLease: Sendable, Hashable {
    package var sink: OutboxSink
    package var shard: Int
    package var fence: Int64
    package var until: Timestamp

    package init(sink: OutboxSink, shard: Int, fence: Int64, until: Timestamp) {
        self.sink = sink
        self.shard = shard
        self.fence = fence
        self.until = until
    }
}

/// One running process.
package struct Replica: Sendable, Equatable {
    /// Unique to the process, also after a restart.
    package var name: String
    /// It delivers messages of the outbox.
    package var relays: Bool
    package var startedAt: Timestamp
    /// It counts as gone after this, unless it checks in again.
    package var aliveUntil: Timestamp

    package init(name: String, relays: Bool, startedAt: Timestamp, aliveUntil: Timestamp) {
        self.name = name
        self.relays = relays
        self.startedAt = startedAt
        self.aliveUntil = aliveUntil
    }
}
