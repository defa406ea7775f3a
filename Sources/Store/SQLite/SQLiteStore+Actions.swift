import Analysis
import Foundation
import GRDB

extension SQLiteStore {
    package func add(
        _ action: StoredAction,
        with messages: [OutboxMessage]
    ) async throws(StoreError) -> RecordedAction {
        try await write { database in
            let isKnown = try Bool.fetchOne(
                database,
                sql: "SELECT EXISTS (SELECT 1 FROM sessions WHERE id = ?)",
                arguments: [action.session]
            )
            guard isKnown == true else { return .unknownSession }
            let isDuplicate = try Bool.fetchOne(
                database,
                sql: "SELECT EXISTS (SELECT 1 FROM rollout_actions WHERE id = ? AND at = ? AND source = ?)",
                arguments: [action.id, action.at.milliseconds, action.source]
            )
            guard isDuplicate != true else { return .duplicate }
            guard try hasRoom(for: action, in: database) else {
                try count(dropped: 1, of: action.session, in: database)
                return .notKept
            }
            try database.execute(
                sql: "INSERT INTO rollout_actions (session, id, source, outcome, at, event) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [
                    action.session, action.id, action.source, action.outcome, action.at.milliseconds,
                    Data(action.event),
                ]
            )
            try database.execute(
                sql: """
                    DELETE FROM rollout_actions WHERE sequence IN (
                        SELECT sequence FROM (
                            SELECT sequence, sequence = max(sequence) OVER (PARTITION BY source, id, outcome) AS stays
                            FROM rollout_actions WHERE session = ?
                        ) ORDER BY stays DESC, sequence DESC LIMIT -1 OFFSET ?
                    )
                    """,
                arguments: [action.session, StoredAction.maximumOfSession]
            )
            try count(dropped: database.changesCount, of: action.session, in: database)
            try insert(messages, in: database)
            return .stored
        }
    }

    package func actions(
        after sequence: Int64,
        limit: Int,
        maximumBytes: Int
    ) async throws(StoreError) -> [StoredAction] {
        try await read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT sequence, session, id, source, outcome, at, event FROM rollout_actions
                    WHERE sequence > ? ORDER BY sequence LIMIT ?
                    """,
                arguments: [sequence, limit]
            )
            var actions: [StoredAction] = []
            var bytes = 0
            while let row = try rows.next() {
                let action = StoredAction(row)
                bytes += action.event.count
                guard actions.isEmpty || bytes <= maximumBytes else { break }
                actions.append(action)
            }
            return actions
        }
    }

    package func actions(ofSession id: String) async throws(StoreError) -> ActionHistory {
        try await read { database in
            let actions = try Row.fetchAll(
                database,
                sql: """
                    SELECT sequence, session, id, source, outcome, at, event FROM rollout_actions
                    WHERE session = ? ORDER BY sequence DESC LIMIT ?
                    """,
                arguments: [id, StoredAction.maximumOfSession]
            ).reversed().map(StoredAction.init)
            let dropped = try Int.fetchOne(
                database,
                sql: "SELECT dropped FROM dropped_actions WHERE session = ?",
                arguments: [id]
            )
            return ActionHistory(actions: actions, dropped: dropped ?? 0)
        }
    }
}

/// Whether there is one of the same kind, or room for a further kind.
private func hasRoom(for action: StoredAction, in database: Database) throws -> Bool {
    let kinds = try Row.fetchAll(
        database,
        sql: "SELECT DISTINCT source, id, outcome FROM rollout_actions WHERE session = ?",
        arguments: [action.session]
    )
    return kinds.count < StoredAction.maximumKindsOfSession
        || kinds.contains {
            $0["source"] == action.source && $0["id"] == action.id && $0["outcome"] == action.outcome
        }
}

private func count(dropped: Int, of session: String, in database: Database) throws {
    guard dropped > 0 else { return }
    try database.execute(
        sql: """
            INSERT INTO dropped_actions (session, dropped) VALUES (?, ?)
            ON CONFLICT (session) DO UPDATE SET dropped = dropped + excluded.dropped
            """,
        arguments: [session, dropped]
    )
}

extension StoredAction {
    fileprivate init(_ row: Row) {
        self.init(
            sequence: row["sequence"],
            id: row["id"],
            source: row["source"],
            session: row["session"],
            outcome: row["outcome"],
            at: Timestamp(milliseconds: row["at"]),
            event: [UInt8](row["event"] as Data)
        )
    }
}
