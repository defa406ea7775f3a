import Analysis
import GRDB

/// Shares turns out between event sources and applications where more sessions are due than a claim takes.
enum SQLiteTurns {
    /// Of a row of the table `sessions`: it can be claimed at `:now`.
    static let isDue = """
        phase <> 'finished' AND wake_at <= :now AND (lease_until IS NULL OR lease_until <= :now) AND \(WorkableRows.condition)
        """

    private static let sources = SQLiteGroups(
        table: "sessions",
        column: "source",
        rows: "phase <> 'finished' AND source >= :source",
        isDue: isDue
    )
    private static let applications = SQLiteGroups(
        table: "sessions",
        column: "application",
        rows: "phase <> 'finished' AND source = :source",
        isDue: isDue
    )

    private static let ofSource = """
        SELECT id, source, application FROM sessions WHERE source = :source AND \(isDue) ORDER BY wake_at LIMIT :limit
        """

    private static let ofApplication = """
        SELECT id, source, application FROM sessions
        WHERE source = :source AND application = :application AND \(isDue) ORDER BY wake_at LIMIT :limit
        """

    static func isCrowded(at now: Timestamp, beyond limit: Int, in database: Database) throws -> Bool {
        let due = try database.cachedStatement(
            sql: "SELECT count(*) FROM (SELECT 1 FROM sessions WHERE \(isDue) ORDER BY wake_at LIMIT :limit)"
        )
        let count = try Int.fetchOne(due, arguments: ["now": now.milliseconds, "limit": limit + 1])
        return (count ?? 0) > limit
    }

    static func share(_ turns: inout FairTurns, at now: Timestamp, in database: Database) throws {
        let everySource = FairTurns.Search(source: "", place: turns.place.source, visits: turns.visits)
        let visited = try sources.visit(everySource, atMost: turns.limit, at: now, in: database)
        let shares = turns.visited(sources: visited)
        for search in turns.found(try shares.flatMap { try sessions($0, at: now, in: database) }) {
            let visited = try applications.visit(search, atMost: turns.limit, at: now, in: database)
            let shares = turns.visited(applications: visited, of: search)
            turns.found(ofApplications: try shares.flatMap { try sessions($0, at: now, in: database) })
        }
    }

    private static func sessions(
        _ share: FairTurns.Share,
        at now: Timestamp,
        in database: Database
    ) throws -> [TurnCandidate] {
        var arguments: StatementArguments = [
            "now": now.milliseconds, "source": share.source, "limit": share.sessions,
        ]
        if let application = share.application { arguments += ["application": application] }
        let statement = try database.cachedStatement(sql: share.application == nil ? ofSource : ofApplication)
        return try Row.fetchAll(statement, arguments: arguments)
            .map { TurnCandidate(id: $0["id"], source: $0["source"], application: $0["application"]) }
    }
}
