import Analysis
import Postgres

extension PostgresStore {
    package func resetReleases(_ reset: ReleaseReset) async throws(StoreError) -> Int {
        try await transaction { connection in
            // An answer under way would write again what is forgotten here.
            _ = try await connection.query(PostgresStatement("SELECT pg_advisory_xact_lock($1)", Self.answering))
            let (application, environment) = (reset.application.storable, reset.environment?.storable)
            let condition = "application = $1 AND ($2::text IS NULL OR environment = $2)"
            try await connection.execute(
                PostgresStatement("DELETE FROM release_timelines WHERE \(condition)", application, environment)
            )
            let known = try await connection.query(
                PostgresStatement(
                    "DELETE FROM releases WHERE \(condition) RETURNING environment",
                    application,
                    environment
                )
            )
            try await connection.execute(
                PostgresStatement(
                    """
                    INSERT INTO release_resets (application, environment, at, by_whom, reason)
                    VALUES ($1, $2, $3, $4, $5)
                    """,
                    application,
                    environment,
                    reset.at.milliseconds,
                    reset.by.storable,
                    reset.reason.storable
                )
            )
            try await connection.execute(
                PostgresStatement(
                    "DELETE FROM release_resets WHERE sequence <= (SELECT max(sequence) FROM release_resets) - $1",
                    Int64(ReleaseReset.maximumKept)
                )
            )
            return known.count
        }
    }

    package func releaseResets(newest limit: Int) async throws(StoreError) -> [ReleaseReset] {
        try await read { connection in
            try await connection.query(
                PostgresStatement(
                    """
                    SELECT sequence, application, environment, at, by_whom, reason FROM release_resets
                    ORDER BY sequence DESC LIMIT $1
                    """,
                    Int64(limit)
                )
            ).map { row in
                ReleaseReset(
                    sequence: try row.decode(0),
                    application: try row.decode(1),
                    environment: try row.decode(2),
                    at: Timestamp(milliseconds: try row.decode(3)),
                    by: try row.decode(4),
                    reason: try row.decode(5)
                )
            }
        }
    }
}
