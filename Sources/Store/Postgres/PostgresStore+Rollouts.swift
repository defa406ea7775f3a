package import Analysis
import Postgres

extension PostgresStore {
    package func messages(
        of sink: OutboxSink,
        after cursor: OutboxCursor,
        limit: Int,
        maximumBytes: Int
    ) async throws(StoreError) -> [OutboxMessage] {
        try await read { connection in
            try await connection.query(
                PostgresStatement(
                    // The lengths are known without the contents.
                    """
                    WITH behind AS (
                        SELECT message.* FROM unnest($2::bigint[]) WITH ORDINALITY AS place (passed, number)
                        CROSS JOIN LATERAL (
                            SELECT sequence, octet_length(coalesce(body, payload)) AS bytes FROM outbox
                            WHERE sink = $1 AND shard = place.number - 1 AND sequence > place.passed
                            ORDER BY sequence LIMIT $3
                        ) AS message
                        ORDER BY sequence LIMIT $3
                    ), counted AS (
                        SELECT sequence, sum(bytes) OVER (ORDER BY sequence) AS total,
                            row_number() OVER (ORDER BY sequence) AS number
                        FROM behind
                    )
                    SELECT sequence, id, message_key,
                        CASE WHEN body IS NULL THEN payload ELSE ''::bytea END AS payload, created_at, attempts,
                        headers, body
                    FROM counted JOIN outbox USING (sequence)
                    WHERE counted.number = 1 OR counted.total <= $4
                    ORDER BY sequence
                    """,
                    sink.rawValue,
                    cursor.sequences,
                    Int64(limit),
                    Int64(maximumBytes)
                )
            ).map { try OutboxMessage($0, sink: sink) }
        }
    }

    package func message(of sink: OutboxSink, id: String) async throws(StoreError) -> OutboxMessage? {
        try await read { connection in
            try await connection.queryFirst(
                PostgresStatement(
                    """
                    SELECT sequence, id, message_key,
                        CASE WHEN body IS NULL THEN payload ELSE ''::bytea END AS payload, created_at, attempts,
                        headers, body
                    FROM outbox WHERE sink = $1 AND id = $2
                    """,
                    sink.rawValue,
                    id.storable
                )
            ).map { try OutboxMessage($0, sink: sink) }
        }
    }

    package func end(of sink: OutboxSink) async throws(StoreError) -> OutboxCursor {
        try await read { connection in
            var cursor = OutboxCursor()
            let rows = try await connection.query(
                PostgresStatement(
                    """
                    SELECT shard, (SELECT max(sequence) FROM outbox WHERE sink = $1 AND outbox.shard = shards.shard)
                    FROM generate_series(0, $2 - 1) AS shards (shard)
                    """,
                    sink.rawValue,
                    Int32(OutboxShard.count)
                )
            )
            for row in rows {
                cursor.pass(
                    shard: Int(try row.decode(0, as: Int32.self)),
                    sequence: try row.decode(1, as: Int64?.self) ?? 0
                )
            }
            return cursor
        }
    }

    package func place(of reader: String) async throws(StoreError) -> OutboxCursor? {
        try await read { connection in
            try await connection.queryFirst(
                PostgresStatement("SELECT place FROM verdict_readers WHERE reader = $1", reader.storable)
            ).flatMap { OutboxCursor(try $0.decode(0, as: String.self)) }
        }
    }

    package func setPlace(_ place: OutboxCursor, of reader: String) async throws(StoreError) {
        try await write { connection in
            try await connection.execute(
                PostgresStatement(
                    """
                    INSERT INTO verdict_readers (reader, place) VALUES ($1, $2)
                    ON CONFLICT (reader) DO UPDATE SET place = excluded.place
                    """,
                    reader.storable,
                    place.description
                )
            )
        }
    }

    package func leaseReader(_ lease: ReaderLease, at now: Timestamp) async throws(StoreError) -> ReaderLease {
        try await write { connection in
            try await connection.execute(
                PostgresStatement(
                    """
                    INSERT INTO reader_leases (reader, holder, lease_until) VALUES ($1, $2, $3)
                    ON CONFLICT (reader) DO UPDATE SET holder = excluded.holder, lease_until = excluded.lease_until
                    WHERE reader_leases.holder = excluded.holder OR reader_leases.lease_until <= $4
                    """,
                    lease.reader.storable,
                    lease.holder.storable,
                    lease.until.milliseconds,
                    now.milliseconds
                )
            )
            let row = try await connection.queryFirst(
                PostgresStatement(
                    "SELECT holder, lease_until FROM reader_leases WHERE reader = $1",
                    lease.reader.storable
                )
            )
            guard let row else { throw StoreError(.unknown, "the lease of a reader was not stored") }
            return ReaderLease(
                reader: lease.reader,
                holder: try row.decode(0),
                until: Timestamp(milliseconds: try row.decode(1))
            )
        }
    }

    package func releaseReader(_ reader: String, holder: String) async throws(StoreError) {
        try await write { connection in
            try await connection.execute(
                PostgresStatement(
                    "DELETE FROM reader_leases WHERE reader = $1 AND holder = $2",
                    reader.storable,
                    holder.storable
                )
            )
        }
    }
}
