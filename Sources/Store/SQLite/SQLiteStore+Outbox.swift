package import Analysis
import Foundation
import GRDB

extension SQLiteStore {
    package func dueMessages(
        to sink: OutboxSink,
        at now: Timestamp,
        limit: Int
    ) async throws(StoreError) -> [OutboxMessage] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT sequence, id, message_key, payload, created_at, attempts FROM outbox AS message
                    WHERE sink = :sink AND settled_at IS NULL AND due_at <= :now
                        AND NOT EXISTS (
                            SELECT 1 FROM outbox AS earlier
                            WHERE earlier.sink = :sink AND earlier.message_key = message.message_key
                                AND earlier.settled_at IS NULL AND earlier.sequence < message.sequence
                                AND earlier.due_at > :now
                        )
                    ORDER BY sequence LIMIT :limit
                    """,
                arguments: ["sink": sink.rawValue, "now": now.milliseconds, "limit": limit]
            ).map { row in
                OutboxMessage(
                    sequence: row["sequence"],
                    sink: sink,
                    id: row["id"],
                    key: row["message_key"],
                    payload: [UInt8](row["payload"] as Data),
                    createdAt: Timestamp(milliseconds: row["created_at"]),
                    attempts: row["attempts"]
                )
            }
        }
    }

    package func settle(_ settlements: [OutboxSettlement]) async throws(StoreError) {
        try await write { database in
            for settlement in settlements {
                let now = settlement.at.milliseconds
                switch settlement.outcome {
                case .delivered(let reference):
                    try database.execute(
                        sql: "UPDATE outbox SET settled_at = ?, reference = ?, error = NULL WHERE sequence = ?",
                        arguments: [now, reference, settlement.sequence]
                    )
                case .retry(let due, let error):
                    try database.execute(
                        sql: "UPDATE outbox SET attempts = attempts + 1, due_at = ?, error = ? WHERE sequence = ?",
                        arguments: [due.milliseconds, error, settlement.sequence]
                    )
                case .dropped(let error):
                    try database.execute(
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

    package func outboxDepths() async throws(StoreError) -> [OutboxDepth] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT sink, count(*) AS n, min(created_at) AS oldest FROM outbox
                    WHERE settled_at IS NULL GROUP BY sink
                    """
            ).compactMap { row in
                OutboxSink(rawValue: row["sink"]).map { sink in
                    OutboxDepth(
                        sink: sink,
                        count: row["n"],
                        oldest: (row["oldest"] as Int64?).map { Timestamp(milliseconds: $0) }
                    )
                }
            }
        }
    }
}
