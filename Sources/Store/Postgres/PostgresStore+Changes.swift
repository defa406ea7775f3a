import Analysis
import Judging
import Postgres

extension PostgresStore {
    package func changes(
        after place: ChangePlace,
        ofSession id: String?,
        limit: Int
    ) async throws(StoreError) -> [SessionChange] {
        try await read { connection in
            let results = try await connection.pipeline([
                Self.statement(
                    of: "transitions",
                    ["at", "replica", "cause", "from_phase", "to_phase", "look", "reason", "result"],
                    after: place.transitions,
                    ofSession: id,
                    limit: limit
                ),
                Self.statement(
                    of: "rollout_actions",
                    ["id", "source", "outcome", "at"],
                    after: place.actions,
                    ofSession: id,
                    limit: limit
                ),
            ])
            let transitions = try results[0].rows.map { row in
                let session: String = try row.decode(1)
                return try SessionChange(row, .transition(SessionTransition(row, session: session, from: 7)))
            }
            let actions = try results[1].rows.map { row in
                let at = Timestamp(milliseconds: try row.decode(10))
                return try SessionChange(
                    row,
                    .action(id: row.decode(7), source: row.decode(8), outcome: row.decode(9), at: at)
                )
            }
            return transitions + actions
        }
    }

    private static func statement(
        of table: String,
        _ columns: [String],
        after place: NumberPlace,
        ofSession id: String?,
        limit: Int
    ) -> PostgresStatement {
        let isOfSession = id == nil ? "$4::text IS NULL" : "session = $4"
        return PostgresStatement(
            """
            WITH changed AS (
                SELECT * FROM \(table) WHERE sequence = ANY($2) AND \(isOfSession)
                UNION ALL (
                    SELECT * FROM \(table) WHERE sequence > $1 AND \(isOfSession) ORDER BY sequence LIMIT $3
                )
            )
            SELECT changed.sequence, changed.session, sessions.application, sessions.environment, sessions.cluster,
                sessions.namespace, sessions.release_version, \(columns.map { "changed.\($0)" }.joined(separator: ", "))
            FROM changed JOIN sessions ON sessions.id = changed.session ORDER BY changed.sequence
            """,
            place.last,
            place.missing,
            Int64(limit),
            id?.storable
        )
    }

    package func endOfChanges() async throws(StoreError) -> ChangePlace {
        try await read { connection in
            let row = try await connection.queryFirst(
                "SELECT (SELECT max(sequence) FROM transitions), (SELECT max(sequence) FROM rollout_actions)"
            )
            return ChangePlace(
                transitions: NumberPlace(end: try row?.decode(0, as: Int64?.self) ?? 0),
                actions: NumberPlace(end: try row?.decode(1, as: Int64?.self) ?? 0)
            )
        }
    }
}

extension SessionChange {
    fileprivate init(_ row: PostgresRow, _ what: What) throws {
        self.init(
            number: try row.decode(0),
            what: what,
            session: try row.decode(1),
            application: try row.decode(2),
            environment: try row.decode(3),
            cluster: try row.decode(4),
            namespace: try row.decode(5),
            version: try row.decode(6)
        )
    }
}
