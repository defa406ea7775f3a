import Analysis
import GRDB
import StoredFormats

extension SQLiteStore {
    package func setAside() async throws(StoreError) -> SetAside {
        try await read { database in
            var found = SetAside()
            for row in try Row.fetchAll(database, sql: SQLiteSetAside.counts) {
                if let reason = SetAsideReason(rawValue: row["reason"]) {
                    found.counts[reason, default: 0] += row["n"] as Int
                }
            }
            for row in try Row.fetchAll(database, sql: SQLiteSetAside.rows, arguments: [SetAside.maximumRows]) {
                guard let reason = SetAsideReason(rawValue: row["reason"]) else { continue }
                found.rows.append(SetAside.Row(id: row["id"], reason: reason, detail: row["detail"] ?? ""))
            }
            return found
        }
    }
}

private enum SQLiteSetAside {
    static let left = "FROM sessions WHERE phase <> 'finished' AND NOT (\(WorkableRows.condition))"

    static let counts = """
        SELECT \(WorkableRows.reason) AS reason, count(*) AS n \(left) GROUP BY 1
        UNION ALL
        SELECT 'unreadable_event', count(*) FROM inbox WHERE set_aside_at IS NOT NULL
        UNION ALL
        SELECT 'newer_form', count(*) FROM inbox WHERE \(AnswerableRows.ofNewerForm)
        """

    /// Which rows those are is known from the index; only of those is the detail looked up.
    static let rows = """
        SELECT * FROM (
            SELECT id, reason, (SELECT set_aside_reason FROM sessions WHERE id = found.id) AS detail
            FROM (SELECT id, \(WorkableRows.reason) AS reason \(left)) AS found
            UNION ALL
            SELECT source || ' ' || event_id, 'unreadable_event', set_aside_reason FROM inbox
            WHERE set_aside_at IS NOT NULL
            UNION ALL
            SELECT source || ' ' || event_id, 'newer_form', \(AnswerableRows.newerForm) FROM inbox
            WHERE \(AnswerableRows.ofNewerForm)
        ) LIMIT ?
        """
}

/// A claimed session; nil for one that turns out not to be workable, which is given back so that no process claims it
/// again that cannot work on it.
func workable(_ row: Row, at now: Timestamp, in database: Database) throws -> StoredSession? {
    let id: String = row["id"]
    switch readState(row) {
    case .success(let session):
        guard WorkableRows.problem(of: session) != nil else {
            return StoredSession(session: session, version: row["version"])
        }
        try giveBack(id, "judge", session.plan.judge, in: database)
    case .failure(let error):
        if case .newer(let form) = error.code {
            try giveBack(id, "form", form, in: database)
        } else {
            try setAside(id, because: error.message, at: now, in: database)
        }
    }
    return nil
}

private func readState(_ row: Row) -> Result<AnalysisSession, FormError> {
    do throws(FormError) { return .success(try SessionForm.read(row["state"])) } catch { return .failure(error) }
}

/// Notes beside the state what makes it not workable here.
private func giveBack(
    _ id: String,
    _ column: String,
    _ value: some DatabaseValueConvertible,
    in database: Database
) throws {
    try database.execute(
        sql: "UPDATE sessions SET \(column) = ?, lease_owner = NULL, lease_until = NULL WHERE id = ?",
        arguments: [value, id]
    )
}

func setAside(_ id: String, because reason: String, at now: Timestamp, in database: Database) throws {
    try database.execute(
        sql: """
            UPDATE sessions SET set_aside_at = ?, set_aside_reason = ?, lease_owner = NULL, lease_until = NULL
            WHERE id = ?
            """,
        arguments: [now.milliseconds, reason, id]
    )
}
