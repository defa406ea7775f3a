package import Analysis
import Foundation
import GRDB

extension SQLiteStore {
    package func messages(
        of sink: OutboxSink,
        after cursor: OutboxCursor,
        limit: Int,
        maximumBytes: Int
    ) async throws(StoreError) -> [OutboxMessage] {
        try await read { database in
            // The lengths are known without the contents.
            var sizes: [(sequence: Int64, bytes: Int)] = []
            for (shard, sequence) in cursor.sequences.enumerated() {
                sizes += try Row.fetchAll(
                    database,
                    sql: """
                        SELECT sequence, iif(body IS NULL, length(payload), length(body)) AS bytes FROM outbox
                        WHERE sink = ? AND shard = ? AND sequence > 0 AND sequence > ? ORDER BY sequence LIMIT ?
                        """,
                    arguments: [sink.rawValue, shard, sequence, limit]
                ).map { ($0["sequence"], $0["bytes"]) }
            }
            var bytes = 0
            let taken = sizes.sorted { $0.sequence < $1.sequence }.prefix(limit).enumerated().prefix { index, size in
                bytes += size.bytes
                return index == 0 || bytes <= maximumBytes
            }
            return try taken.compactMap { _, size in
                try Row.fetchOne(
                    database,
                    sql: """
                        SELECT sequence, id, message_key, iif(body IS NULL, payload, x'') AS payload, created_at, attempts,
                            headers, body
                        FROM outbox WHERE sequence = ?
                        """,
                    arguments: [size.sequence]
                ).map { try OutboxMessage($0, sink: sink) }
            }
        }
    }

    package func message(of sink: OutboxSink, id: String) async throws(StoreError) -> OutboxMessage? {
        try await read { database in
            try Row.fetchOne(
                database,
                sql: """
                    SELECT sequence, id, message_key, iif(body IS NULL, payload, x'') AS payload, created_at, attempts,
                        headers, body
                    FROM outbox WHERE sink = ? AND id = ?
                    """,
                arguments: [sink.rawValue, id]
            ).map { try OutboxMessage($0, sink: sink) }
        }
    }

    package func end(of sink: OutboxSink) async throws(StoreError) -> OutboxCursor {
        try await read { database in
            var cursor = OutboxCursor()
            for shard in 0..<OutboxShard.count {
                let newest = try Int64.fetchOne(
                    database,
                    sql: "SELECT max(sequence) FROM outbox WHERE sink = ? AND shard = ? AND sequence > 0",
                    arguments: [sink.rawValue, shard]
                )
                cursor.pass(shard: shard, sequence: newest ?? 0)
            }
            return cursor
        }
    }

    package func place(of reader: String) async throws(StoreError) -> OutboxCursor? {
        try await read { database in
            try String.fetchOne(
                database,
                sql: "SELECT place FROM verdict_readers WHERE reader = ?",
                arguments: [reader]
            ).flatMap { OutboxCursor($0) }
        }
    }

    package func setPlace(_ place: OutboxCursor, of reader: String) async throws(StoreError) {
        try await write { database in
            try database.execute(
                sql: """
                    INSERT INTO verdict_readers (reader, place) VALUES (?, ?)
                    ON CONFLICT (reader) DO UPDATE SET place = excluded.place
                    """,
                arguments: [reader, place.description]
            )
        }
    }

    package func leaseReader(_ lease: ReaderLease, at now: Timestamp) async throws(StoreError) -> ReaderLease {
        try await write { database in
            try database.execute(
                sql: """
                    INSERT INTO reader_leases (reader, holder, lease_until) VALUES (?1, ?2, ?3)
                    ON CONFLICT (reader) DO UPDATE SET holder = excluded.holder, lease_until = excluded.lease_until
                    WHERE reader_leases.holder = excluded.holder OR reader_leases.lease_until <= ?4
                    """,
                arguments: [lease.reader, lease.holder, lease.until.milliseconds, now.milliseconds]
            )
            let row = try Row.fetchOne(
                database,
                sql: "SELECT holder, lease_until FROM reader_leases WHERE reader = ?",
                arguments: [lease.reader]
            )
            guard let row else { throw StoreError(.unknown, "the lease of a reader was not stored") }
            return ReaderLease(
                reader: lease.reader,
                holder: row["holder"],
                until: Timestamp(milliseconds: row["lease_until"])
            )
        }
    }

    package func releaseReader(_ reader: String, holder: String) async throws(StoreError) {
        try await write { database in
            try database.execute(
                sql: "DELETE FROM reader_leases WHERE reader = ? AND holder = ?",
                arguments: [reader, holder]
            )
        }
    }
}
