package import Analysis
import Foundation
import GRDB
import StoredFormats

extension SQLiteStore {
    package func claimShards(_ claim: ShardClaim) async throws(StoreError) -> [ShardLease] {
        try await write { database in
            for shard in 0..<OutboxShard.count {
                try database.execute(
                    sql: "INSERT INTO outbox_shards (sink, shard) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    arguments: [claim.sink.rawValue, shard]
                )
            }
            let arguments: StatementArguments = [
                "sink": claim.sink.rawValue, "owner": claim.owner, "wanted": claim.wanted,
                "now": claim.now.milliseconds, "until": claim.until.milliseconds,
            ]
            // Held ones come first, so that a shard changes hands only when it has to.
            try database.execute(
                sql: """
                    UPDATE outbox_shards SET
                        fence = fence + (owner IS NOT :owner),
                        owner = :owner,
                        lease_until = :until
                    WHERE sink = :sink AND shard IN (
                        SELECT shard FROM outbox_shards
                        WHERE sink = :sink AND (owner = :owner OR owner IS NULL OR lease_until <= :now)
                        ORDER BY owner IS NOT :owner, shard LIMIT :wanted
                    )
                    """,
                arguments: arguments
            )
            try database.execute(
                sql: """
                    UPDATE outbox_shards SET owner = NULL, lease_until = NULL
                    WHERE sink = :sink AND owner = :owner AND shard NOT IN (
                        SELECT shard FROM outbox_shards WHERE sink = :sink AND owner = :owner ORDER BY shard LIMIT :wanted
                    )
                    """,
                arguments: ["sink": claim.sink.rawValue, "owner": claim.owner, "wanted": claim.wanted]
            )
            return try Row.fetchAll(
                database,
                sql: "SELECT shard, fence FROM outbox_shards WHERE sink = ? AND owner = ? ORDER BY shard",
                arguments: [claim.sink.rawValue, claim.owner]
            ).map { row in
                ShardLease(sink: claim.sink, shard: row["shard"], fence: row["fence"], until: claim.until)
            }
        }
    }

    package func releaseShards(of sink: OutboxSink, owner: String) async throws(StoreError) {
        try await write { database in
            try database.execute(
                sql: "UPDATE outbox_shards SET owner = NULL, lease_until = NULL WHERE sink = ? AND owner = ?",
                arguments: [sink.rawValue, owner]
            )
        }
    }

    package func dueMessages(
        of lease: ShardLease,
        at now: Timestamp,
        limit: Int
    ) async throws(StoreError) -> [OutboxMessage] {
        try await read { database in
            try verify(lease, in: database)
            // Row by row: a batch is not held twice.
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT sequence, id, message_key, iif(body IS NULL, payload, x'') AS payload, created_at, attempts,
                        headers, body
                    FROM outbox AS message
                    WHERE sink = :sink AND shard = :shard AND settled_at IS NULL AND due_at <= :now
                        AND NOT EXISTS (
                            SELECT 1 FROM outbox AS earlier
                            WHERE earlier.sink = :sink AND earlier.shard = :shard
                                AND earlier.message_key = message.message_key
                                AND earlier.settled_at IS NULL AND earlier.sequence < message.sequence
                                AND earlier.due_at > :now
                        )
                    ORDER BY sequence LIMIT :limit
                    """,
                arguments: [
                    "sink": lease.sink.rawValue, "shard": lease.shard, "now": now.milliseconds, "limit": limit,
                ]
            )
            return try Array(rows.map { try OutboxMessage($0, sink: lease.sink) })
        }
    }

    package func settle(
        _ settlements: [OutboxSettlement],
        under lease: ShardLease
    ) async throws(StoreError) {
        try await write { database in
            try verify(lease, in: database)
            for settlement in settlements {
                let now = settlement.at.milliseconds
                switch settlement.outcome {
                case .delivered(let reference):
                    try database.run(
                        sql: "UPDATE outbox SET settled_at = ?, reference = ?, error = NULL WHERE sequence = ?",
                        arguments: [now, reference, settlement.sequence]
                    )
                case .retry(let due, let error):
                    try database.run(
                        sql: "UPDATE outbox SET attempts = attempts + 1, due_at = ?, error = ? WHERE sequence = ?",
                        arguments: [due.milliseconds, error, settlement.sequence]
                    )
                case .dropped(let error):
                    try database.run(
                        sql: "UPDATE outbox SET attempts = attempts + 1, settled_at = ?, error = ? WHERE sequence = ?",
                        arguments: [now, error, settlement.sequence]
                    )
                }
            }
        }
    }

    package func reference(to sink: OutboxSink, id: String) async throws(StoreError) -> String? {
        try await read { database in
            try String.fetchOne(
                database,
                sql: "SELECT reference FROM outbox WHERE sink = ? AND id = ? AND reference IS NOT NULL",
                arguments: [sink.rawValue, id]
            )
        }
    }

    package func lastReference(to sink: OutboxSink, key: String) async throws(StoreError) -> String? {
        try await read { database in
            try String.fetchOne(
                database,
                sql: """
                    SELECT reference FROM outbox WHERE sink = ? AND message_key = ? AND reference IS NOT NULL
                    ORDER BY sequence DESC LIMIT 1
                    """,
                arguments: [sink.rawValue, key]
            )
        }
    }

    package func outboxDepths() async throws(StoreError) -> [OutboxDepth] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT sink, count(*) AS n, min(created_at) AS oldest FROM outbox
                    WHERE settled_at IS NULL GROUP BY sink
                    """
            ).map { row in
                OutboxDepth(
                    sink: OutboxSink(rawValue: row["sink"]),
                    count: row["n"],
                    oldest: (row["oldest"] as Int64?).map { Timestamp(milliseconds: $0) }
                )
            }
        }
    }
}

extension OutboxMessage {
    /// From the columns `sequence, id, message_key, payload, created_at, attempts, headers, body`.
    init(_ row: Row, sink: OutboxSink) throws {
        self.init(
            sequence: row["sequence"],
            sink: sink,
            id: row["id"],
            key: row["message_key"],
            payload: [UInt8](row["payload"] as Data),
            content: try OutboxContent(row),
            createdAt: Timestamp(milliseconds: row["created_at"]),
            attempts: row["attempts"]
        )
    }
}

extension OutboxContent {
    /// Nil in a message that has none.
    fileprivate init?(_ row: Row) throws {
        guard let body: Data = row["body"] else { return nil }
        let headers: Data? = row["headers"]
        self.init(headers: try headers.map { try MessageHeaders.read($0) } ?? [], body: [UInt8](body))
    }
}

private func verify(_ lease: ShardLease, in database: Database) throws {
    let fence = try Int64.fetchOne(
        database,
        sql: "SELECT fence FROM outbox_shards WHERE sink = ? AND shard = ?",
        arguments: [lease.sink.rawValue, lease.shard]
    )
    guard fence == lease.fence else {
        throw StoreError(.conflict, "shard \(lease.shard) of \(lease.sink.rawValue) has been taken over")
    }
}
