import Analysis
import Postgres

extension PostgresStore {
    package func add(
        _ action: StoredAction,
        with messages: [OutboxMessage]
    ) async throws(StoreError) -> RecordedAction {
        try await transaction { connection in
            // One action of a session at a time.
            let row = try await connection.queryFirst(
                PostgresStatement(
                    """
                    WITH known AS (SELECT id FROM sessions WHERE id = $1 FOR NO KEY UPDATE), kinds AS (
                        SELECT DISTINCT source, id, outcome FROM rollout_actions WHERE session = $1
                    )
                    SELECT EXISTS (SELECT 1 FROM known),
                        EXISTS (SELECT 1 FROM rollout_actions WHERE id = $2 AND at = $3 AND source = $4),
                        (SELECT count(*) FROM kinds) < $6
                            OR EXISTS (SELECT 1 FROM kinds WHERE source = $4 AND id = $2 AND outcome = $5)
                    """,
                    action.session.storable,
                    action.id.storable,
                    action.at.milliseconds,
                    action.source.storable,
                    action.outcome.storable,
                    Int64(StoredAction.maximumKindsOfSession)
                )
            )
            guard let row, try row.decode(0, as: Bool.self) else { return .unknownSession }
            guard try !row.decode(1, as: Bool.self) else { return .duplicate }
            guard try row.decode(2, as: Bool.self) else {
                try await connection.execute(
                    PostgresStatement(
                        """
                        INSERT INTO dropped_actions (session, dropped) VALUES ($1, 1)
                        ON CONFLICT (session) DO UPDATE SET dropped = dropped_actions.dropped + 1
                        """,
                        action.session.storable
                    )
                )
                return .notKept
            }
            try await connection.pipeline([
                PostgresStatement(
                    """
                    INSERT INTO rollout_actions (session, id, source, outcome, at, event)
                    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id, at, source) DO NOTHING
                    """,
                    action.session.storable,
                    action.id.storable,
                    action.source.storable,
                    action.outcome.storable,
                    action.at.milliseconds,
                    PostgresBytes(action.event)
                ),
                PostgresStatement(
                    """
                    WITH surplus AS (
                        DELETE FROM rollout_actions WHERE sequence IN (
                            SELECT sequence FROM (
                                SELECT sequence, sequence = max(sequence) OVER (PARTITION BY source, id, outcome) AS stays
                                FROM rollout_actions WHERE session = $1
                            ) AS kept ORDER BY stays DESC, sequence DESC OFFSET $2
                        ) RETURNING 1
                    )
                    INSERT INTO dropped_actions (session, dropped)
                    SELECT $1, count(*) FROM surplus HAVING count(*) > 0
                    ON CONFLICT (session) DO UPDATE SET dropped = dropped_actions.dropped + excluded.dropped
                    """,
                    action.session.storable,
                    Int64(StoredAction.maximumOfSession)
                ),
            ])
            if !messages.isEmpty { try await connection.pipeline(try ChangeWriter.insert(messages)) }
            return .stored
        }
    }

    package func actions(
        after sequence: Int64,
        limit: Int,
        maximumBytes: Int
    ) async throws(StoreError) -> [StoredAction] {
        try await read { connection in
            try await connection.query(
                PostgresStatement(
                    """
                    WITH behind AS (
                        SELECT sequence, octet_length(event) AS bytes FROM rollout_actions
                        WHERE sequence > $1 ORDER BY sequence LIMIT $2
                    ), counted AS (
                        SELECT sequence, sum(bytes) OVER (ORDER BY sequence) AS total,
                            row_number() OVER (ORDER BY sequence) AS number
                        FROM behind
                    )
                    SELECT sequence, session, id, source, outcome, at, event
                    FROM counted JOIN rollout_actions USING (sequence)
                    WHERE counted.number = 1 OR counted.total <= $3 ORDER BY sequence
                    """,
                    sequence,
                    Int64(limit),
                    Int64(maximumBytes)
                )
            ).map(StoredAction.init)
        }
    }

    package func actions(ofSession id: String) async throws(StoreError) -> ActionHistory {
        try await read { connection in
            let results = try await connection.pipeline([
                PostgresStatement(
                    """
                    SELECT sequence, session, id, source, outcome, at, event FROM rollout_actions
                    WHERE session = $1 ORDER BY sequence DESC LIMIT $2
                    """,
                    id.storable,
                    Int64(StoredAction.maximumOfSession)
                ),
                PostgresStatement("SELECT dropped FROM dropped_actions WHERE session = $1", id.storable),
            ])
            return ActionHistory(
                actions: try results[0].rows.reversed().map(StoredAction.init),
                dropped: Int(try results[1].rows.first?.decode(0, as: Int64.self) ?? 0)
            )
        }
    }
}

extension StoredAction {
    fileprivate init(_ row: PostgresRow) throws {
        self.init(
            sequence: try row.decode(0),
            id: try row.decode(2),
            source: try row.decode(3),
            session: try row.decode(1),
            outcome: try row.decode(4),
            at: Timestamp(milliseconds: try row.decode(5)),
            event: try row.decode(6, as: PostgresBytes.self).bytes
        )
    }
}
