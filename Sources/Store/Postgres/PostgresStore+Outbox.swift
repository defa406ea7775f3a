package import Analysis
import Foundation
import Postgres
import StoredFormats

extension PostgresStore {
    package func claimShards(_ claim: ShardClaim) async throws(StoreError) -> [ShardLease] {
        let sink = claim.sink.rawValue
        return try await transaction { connection in
            let results = try await connection.pipeline([
                PostgresStatement(
                    """
                    INSERT INTO outbox_shards (sink, shard) SELECT $1, generate_series(0, $2 - 1)
                    ON CONFLICT DO NOTHING
                    """,
                    sink,
                    Int32(OutboxShard.count)
                ),
                // One claim at a time.
                PostgresStatement("SELECT 1 FROM outbox_shards WHERE sink = $1 ORDER BY shard FOR UPDATE", sink),
                // Held ones come first, so that a shard changes hands only when it has to.
                PostgresStatement(
                    """
                    UPDATE outbox_shards SET
                        fence = fence + (owner IS DISTINCT FROM $2)::int, owner = $2, lease_until = $3
                    WHERE sink = $1 AND shard IN (
                        SELECT shard FROM outbox_shards
                        WHERE sink = $1 AND (owner = $2 OR owner IS NULL OR lease_until <= $4)
                        ORDER BY owner IS DISTINCT FROM $2, shard LIMIT $5
                    )
                    """,
                    sink,
                    claim.owner,
                    claim.until.milliseconds,
                    claim.now.milliseconds,
                    Int64(claim.wanted)
                ),
                PostgresStatement(
                    """
                    UPDATE outbox_shards SET owner = NULL, lease_until = NULL
                    WHERE sink = $1 AND owner = $2 AND shard NOT IN (
                        SELECT shard FROM outbox_shards WHERE sink = $1 AND owner = $2 ORDER BY shard LIMIT $3
                    )
                    """,
                    sink,
                    claim.owner,
                    Int64(claim.wanted)
                ),
                PostgresStatement(
                    "SELECT shard, fence FROM outbox_shards WHERE sink = $1 AND owner = $2 ORDER BY shard",
                    sink,
                    claim.owner
                ),
            ])
            return try results[4].rows.map { row in
                ShardLease(
                    sink: claim.sink,
                    shard: Int(try row.decode(0, as: Int32.self)),
                    fence: try row.decode(1),
                    until: claim.until
                )
            }
        }
    }

    package func releaseShards(of sink: OutboxSink, owner: String) async throws(StoreError) {
        try await write { connection in
            try await connection.execute(
                PostgresStatement(
                    "UPDATE outbox_shards SET owner = NULL, lease_until = NULL WHERE sink = $1 AND owner = $2",
                    sink.rawValue,
                    owner
                )
            )
        }
    }

    package func dueMessages(
        of lease: ShardLease,
        at now: Timestamp,
        limit: Int
    ) async throws(StoreError) -> [OutboxMessage] {
        try await read { connection in
            let results = try await connection.pipeline([
                lease.check,
                PostgresStatement(
                    """
                    SELECT sequence, id, message_key,
                        CASE WHEN body IS NULL THEN payload ELSE ''::bytea END AS payload, created_at, attempts,
                        headers, body
                    FROM outbox AS message
                    WHERE sink = $1 AND shard = $2 AND settled_at IS NULL AND due_at <= $3
                        AND NOT EXISTS (
                            SELECT 1 FROM outbox AS earlier
                            WHERE earlier.sink = $1 AND earlier.shard = $2
                                AND earlier.message_key = message.message_key
                                AND earlier.settled_at IS NULL AND earlier.sequence < message.sequence
                                AND earlier.due_at > $3
                        )
                    ORDER BY sequence LIMIT $4
                    """,
                    lease.sink.rawValue,
                    Int32(lease.shard),
                    now.milliseconds,
                    Int64(limit)
                ),
            ])
            return try results[1].rows.map { try OutboxMessage($0, sink: lease.sink) }
        }
    }

    package func settle(
        _ settlements: [OutboxSettlement],
        under lease: ShardLease
    ) async throws(StoreError) {
        guard !settlements.isEmpty else { return }
        let rows = settlements.map(SettlementRow.init)
        try await write { connection in
            try await connection.pipeline([
                // No replica takes the shard over before this is committed.
                lease.hold,
                PostgresStatement(
                    """
                    UPDATE outbox SET
                        attempts = attempts + (given.error IS NOT NULL)::int,
                        due_at = coalesce(given.due_at, outbox.due_at),
                        settled_at = given.settled_at,
                        reference = given.reference,
                        error = given.error
                    FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[])
                        AS given (sequence, due_at, settled_at, reference, error)
                    WHERE outbox.sequence = given.sequence AND outbox.settled_at IS NULL
                    """,
                    rows.map(\.sequence),
                    rows.map(\.dueAt),
                    rows.map(\.settledAt),
                    rows.map(\.reference),
                    rows.map(\.error)
                ),
            ])
        }
    }

    package func reference(to sink: OutboxSink, id: String) async throws(StoreError) -> String? {
        try await read { connection in
            try await connection.queryFirst(
                PostgresStatement(
                    "SELECT reference FROM outbox WHERE sink = $1 AND id = $2 AND reference IS NOT NULL",
                    sink.rawValue,
                    id.storable
                )
            )?.decode(0)
        }
    }

    package func lastReference(to sink: OutboxSink, key: String) async throws(StoreError) -> String? {
        try await read { connection in
            try await connection.queryFirst(
                PostgresStatement(
                    """
                    SELECT reference FROM outbox WHERE sink = $1 AND message_key = $2 AND reference IS NOT NULL
                    ORDER BY sequence DESC LIMIT 1
                    """,
                    sink.rawValue,
                    key.storable
                )
            )?.decode(0)
        }
    }

    package func outboxDepths() async throws(StoreError) -> [OutboxDepth] {
        try await read { connection in
            try await connection.query(
                """
                SELECT sink, count(*), min(created_at) FROM outbox
                WHERE settled_at IS NULL GROUP BY sink ORDER BY sink
                """
            ).map { row in
                let oldest = try row.decode(2, as: Int64?.self)
                return OutboxDepth(
                    sink: OutboxSink(rawValue: try row.decode(0)),
                    count: try row.decode(1),
                    oldest: oldest.map { Timestamp(milliseconds: $0) }
                )
            }
        }
    }
}

extension OutboxMessage {
    /// From the columns `sequence, id, message_key, payload, created_at, attempts, headers, body`, in this order.
    init(_ row: PostgresRow, sink: OutboxSink) throws {
        self.init(
            sequence: try row.decode(0),
            sink: sink,
            id: try row.decode(1),
            key: try row.decode(2),
            payload: try row.decode(3, as: PostgresBytes.self).bytes,
            content: try OutboxContent(row),
            createdAt: Timestamp(milliseconds: try row.decode(4)),
            attempts: Int(try row.decode(5, as: Int32.self))
        )
    }
}

extension OutboxContent {
    /// Nil in a message that has none.
    fileprivate init?(_ row: PostgresRow) throws {
        guard let body = try row.decode("body", as: PostgresBytes?.self) else { return nil }
        let headers = try row.decode("headers", as: PostgresBytes?.self)
        self.init(headers: try headers.map { try MessageHeaders.read(Data($0.bytes)) } ?? [], body: body.bytes)
    }
}

extension ShardLease {
    /// Fails when another replica has taken the shard over.
    fileprivate var check: PostgresStatement {
        PostgresStatement(
            """
            SELECT assay_expect((SELECT fence FROM outbox_shards WHERE sink = $1 AND shard = $2), $3)
            """,
            sink.rawValue,
            Int32(shard),
            fence
        )
    }

    /// The same, and no replica can take it over until the end of the transaction.
    fileprivate var hold: PostgresStatement {
        PostgresStatement(
            """
            SELECT assay_expect((SELECT fence FROM outbox_shards WHERE sink = $1 AND shard = $2 FOR SHARE), $3)
            """,
            sink.rawValue,
            Int32(shard),
            fence
        )
    }
}

/// A settlement as columns. A failed attempt has an error; one that is tried again has no time of settling.
private struct SettlementRow {
    var sequence: Int64
    var dueAt: Int64?
    var settledAt: Int64?
    var reference: String?
    var error: String?

    init(_ settlement: OutboxSettlement) {
        sequence = settlement.sequence
        switch settlement.outcome {
        case .delivered(let reference):
            settledAt = settlement.at.milliseconds
            self.reference = reference?.storable
        case .retry(let due, let error):
            dueAt = due.milliseconds
            self.error = error.storable
        case .dropped(let error):
            settledAt = settlement.at.milliseconds
            self.error = error.storable
        }
    }
}
