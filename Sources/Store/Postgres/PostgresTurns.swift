import Analysis
import Postgres

/// Claims sessions that are due, and shares turns out between event sources and applications where more are due than a
/// claim takes.
struct PostgresTurns {
    let claim: LeaseClaim
    let connection: PostgresConnection

    /// Of a row of the table `sessions`: it can be claimed at the time `$1`.
    private static let isDue = "wake_at <= $1 AND \(isFree)"

    /// The same for a few rows of all that are due. The expression is that of the indexes of sources and applications: whatever
    /// the statistics say, such rows are never looked for by due time, among those of other sources.
    private static let isDueAmongFew = "wake_at + 0 <= $1 AND \(isFree)"

    private static let isFree = """
        phase <> 'finished' AND (lease_until IS NULL OR lease_until <= $1) AND \(WorkableRows.condition)
        """

    private static let lease = "UPDATE sessions SET lease_owner = $2, lease_until = $3, version = version + 1"

    /// Claims what is due where it is not more than `limit`; nil where it is.
    func all(upTo limit: Int) async throws -> PostgresRows? {
        let rows = try await connection.query(
            PostgresStatement(
                """
                WITH due AS MATERIALIZED (
                    SELECT id FROM sessions WHERE \(Self.isDue) ORDER BY wake_at LIMIT $4 + 1 FOR UPDATE SKIP LOCKED
                ), claimed AS (
                    \(Self.lease) FROM due WHERE sessions.id = due.id AND (SELECT count(*) FROM due) <= $4
                    RETURNING sessions.id, sessions.state, sessions.version
                )
                SELECT id, state, version FROM claimed
                UNION ALL SELECT NULL, NULL, NULL WHERE (SELECT count(*) FROM due) > $4
                """,
                claim.now.milliseconds,
                claim.owner,
                claim.until.milliseconds,
                Int64(limit)
            )
        )
        return try rows.contains { try $0.decode(0, as: String?.self) == nil } ? nil : rows
    }

    /// Claims these sessions where they are still due, and then others by due time.
    func first(_ sessions: [String], upTo limit: Int) async throws -> PostgresRows {
        try await connection.query(
            PostgresStatement(
                """
                WITH turns AS MATERIALIZED (
                    SELECT id FROM sessions WHERE id = ANY($5::text[]) AND \(Self.isDueAmongFew) FOR UPDATE SKIP LOCKED
                ), rest AS MATERIALIZED (
                    SELECT id FROM sessions WHERE \(Self.isDue) AND id <> ALL($5::text[])
                    ORDER BY wake_at LIMIT $4 - (SELECT count(*) FROM turns) FOR UPDATE SKIP LOCKED
                )
                \(Self.lease) FROM (SELECT id FROM turns UNION ALL SELECT id FROM rest) AS due
                WHERE sessions.id = due.id
                RETURNING sessions.id, sessions.state, sessions.version
                """,
                claim.now.milliseconds,
                claim.owner,
                claim.until.milliseconds,
                Int64(limit),
                sessions
            )
        )
    }

    // MARK: - Sharing out

    private static let sources = GroupSearch(
        table: "sessions",
        column: "source",
        condition: "phase <> 'finished'",
        isDue: """
            (SELECT true FROM sessions WHERE source = visited.name AND \(isDueAmongFew) ORDER BY wake_at + 0 LIMIT 1)
                IS NOT NULL
            """
    ).sql(place: "$2", visits: "$3")

    private static let applications = GroupSearch(
        table: "sessions",
        column: "application COLLATE \"C\"",
        condition: "phase <> 'finished' AND source = $4",
        isDue: """
            (SELECT true FROM sessions
                WHERE source = $4 AND application COLLATE "C" = visited.name AND \(isDueAmongFew)
                ORDER BY wake_at + 0 LIMIT 1) IS NOT NULL
            """
    ).sql(place: "$2", visits: "$3")

    func share(_ turns: inout FairTurns) async throws {
        let visited = try await connection.query(
            PostgresStatement(Self.sources, claim.now.milliseconds, turns.place.source, Int64(turns.visits))
        )
        let shares = turns.visited(sources: try visited.map(VisitedGroup.init))
        let searches = turns.found(try await sessions(shares))
        guard !searches.isEmpty else { return }
        let results = try await connection.pipeline(
            searches.map { search in
                PostgresStatement(
                    Self.applications,
                    claim.now.milliseconds,
                    search.place,
                    Int64(search.visits),
                    search.source
                )
            }
        )
        var ofApplications: [FairTurns.Share] = []
        for (search, result) in zip(searches, results) {
            ofApplications += turns.visited(applications: try result.rows.map(VisitedGroup.init), of: search)
        }
        turns.found(ofApplications: try await sessions(ofApplications))
    }

    private func sessions(_ shares: [FairTurns.Share]) async throws -> [TurnCandidate] {
        guard let first = shares.first else { return [] }
        let condition = first.application == nil ? "" : "AND application COLLATE \"C\" = share.application"
        return try await connection.query(
            PostgresStatement(
                """
                SELECT due.id, due.source, due.application
                FROM unnest($2::text[], $3::text[], $4::bigint[])
                    WITH ORDINALITY AS share (source, application, sessions, place)
                CROSS JOIN LATERAL (
                    SELECT id, source, application, wake_at FROM sessions
                    WHERE source = share.source \(condition) AND \(Self.isDueAmongFew)
                    ORDER BY wake_at + 0 LIMIT share.sessions
                ) AS due
                ORDER BY share.place, due.wake_at
                """,
                claim.now.milliseconds,
                shares.map(\.source),
                shares.map { $0.application ?? "" },
                shares.map { Int64($0.sessions) }
            )
        ).map { TurnCandidate(id: try $0.decode(0), source: try $0.decode(1), application: try $0.decode(2)) }
    }
}

extension VisitedGroup {
    /// From the columns `name, is_due`.
    init(_ row: PostgresRow) throws {
        self.init(name: try row.decode(0), isDue: try row.decode(1))
    }
}
