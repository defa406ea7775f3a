package import Analysis
import Foundation
import GRDB
import Judging
import StoredFormats
import Synchronization

extension SQLiteStore {
    package func claimDueSessions(_ claim: LeaseClaim, limit: Int) async throws(StoreError) -> [StoredSession] {
        try await write { [self] database in
            var sessions = "[]"
            if try SQLiteTurns.isCrowded(at: claim.now, beyond: limit, in: database) {
                var fair = FairTurns(limit: limit, place: turnPlace.withLock { $0 })
                try SQLiteTurns.share(&fair, at: claim.now, in: database)
                turnPlace.withLock { $0 = fair.place }
                sessions = String(decoding: try JSONEncoder().encode(fair.sessions), as: UTF8.self)
            }
            // First those that have turns, where turns are shared out, and then by due time.
            let rows = try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        UPDATE sessions
                        SET lease_owner = :owner, lease_until = :until, version = version + 1
                        WHERE id IN (
                            SELECT value FROM json_each(:turns)
                            UNION ALL SELECT id FROM (
                                SELECT id FROM sessions
                                WHERE \(SQLiteTurns.isDue) AND id NOT IN (SELECT value FROM json_each(:turns))
                                ORDER BY wake_at LIMIT :limit - json_array_length(:turns)
                            )
                        )
                        RETURNING id, state, version
                        """
                ),
                arguments: [
                    "owner": claim.owner, "until": claim.until.milliseconds, "now": claim.now.milliseconds,
                    "limit": limit, "turns": sessions,
                ]
            )
            return try rows.compactMap { row in try workable(row, at: claim.now, in: database) }
        }
    }

    package func setAside(_ id: String, version: Int64, because reason: String) async throws(StoreError) {
        try await write { database in
            try database.execute(
                sql: """
                    UPDATE sessions
                    SET set_aside_at = ?, set_aside_reason = ?, version = version + 1, lease_owner = NULL, lease_until = NULL
                    WHERE id = ? AND version = ?
                    """,
                arguments: [Self.now.milliseconds, reason, id, version]
            )
            guard database.changesCount == 1 else {
                throw StoreError(.conflict, "session \(id) has been taken over")
            }
        }
    }

    package func renewLeases(_ held: [String: Int64], until: Timestamp) async throws(StoreError) -> Set<String> {
        try await write { database in
            var kept: Set<String> = []
            for (id, version) in held {
                try database.execute(
                    sql: "UPDATE sessions SET lease_until = ? WHERE id = ? AND version = ? AND lease_owner IS NOT NULL",
                    arguments: [until.milliseconds, id, version]
                )
                if database.changesCount == 1 { kept.insert(id) }
            }
            return kept
        }
    }

    package func releaseLeases(owner: String) async throws(StoreError) {
        try await write { database in
            try database.execute(
                sql: "UPDATE sessions SET lease_owner = NULL, lease_until = NULL WHERE lease_owner = ?",
                arguments: [owner]
            )
        }
    }

    package func nextWake() async throws(StoreError) -> Timestamp? {
        try await read { database in
            try Int64.fetchOne(
                database,
                sql: """
                    SELECT min(due) FROM (
                        SELECT * FROM (
                            SELECT wake_at AS due FROM sessions
                            WHERE phase <> 'finished' AND lease_until IS NULL AND wake_at IS NOT NULL
                                AND \(WorkableRows.condition)
                            ORDER BY wake_at LIMIT 1
                        )
                        UNION ALL
                        SELECT min(max(wake_at, lease_until)) FROM sessions
                        WHERE phase <> 'finished' AND lease_until IS NOT NULL AND \(WorkableRows.condition)
                    )
                    """
            ).map { Timestamp(milliseconds: $0) }
        }
    }

    package func session(id: String) async throws(StoreError) -> StoredSession? {
        try await read { database in
            try Row.fetchOne(database, sql: "SELECT state, version FROM sessions WHERE id = ?", arguments: [id])
                .map(StoredSession.init)
        }
    }

    package func listedSession(id: String) async throws(StoreError) -> ListedSession? {
        try await read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM sessions WHERE id = ?", arguments: [id])
                .map(ListedSession.init)
        }
    }

    package func sessions(_ query: SessionQuery) async throws(StoreError) -> [ListedSession] {
        try await read { database in
            var found: [ListedSession] = []
            var next: SessionQuery? = query
            while let query = next {
                next = query.rest(after: try Self.sessions(query, in: database), &found)
            }
            return found
        }
    }

    private static func sessions(_ query: SessionQuery, in database: Database) throws -> [ListedSession] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT * FROM sessions
                WHERE (:application IS NULL OR application = :application)
                    AND (:environment IS NULL OR environment = :environment)
                    AND (:cluster IS NULL OR cluster IS NULL OR cluster = :cluster)
                    AND (:namespace IS NULL OR namespace IS NULL OR namespace = :namespace)
                    AND (:version IS NULL OR release_version = :version)
                    AND (:phase IS NULL OR phase = :phase)
                    AND (:result IS NULL OR result = :result OR (result IS NULL AND phase = 'finished'))
                    AND (:since IS NULL OR opened_at >= :since)
                    AND (:time IS NULL OR opened_at < :time OR (opened_at = :time AND id > :id))
                ORDER BY opened_at DESC, id LIMIT :limit
                """,
            arguments: [
                "application": query.application, "environment": query.environment, "cluster": query.cluster,
                "namespace": query.namespace, "version": query.version, "phase": query.phase?.rawValue,
                "result": query.result?.rawValue, "since": query.since?.milliseconds,
                "time": query.after?.openedAt.milliseconds, "id": query.after?.id, "limit": query.limit,
            ]
        ).map(ListedSession.init)
    }

    package func unfinishedSessionCounts() async throws(StoreError) -> [AnalysisSession.Phase: Int] {
        try await read { database in
            var counts: [AnalysisSession.Phase: Int] = [:]
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT phase, count(*) AS n FROM sessions WHERE phase <> 'finished' GROUP BY phase"
            )
            for row in rows {
                if let phase = AnalysisSession.Phase(rawValue: row["phase"]) { counts[phase] = row["n"] }
            }
            return counts
        }
    }

    package func finishedSessionCount() async throws(StoreError) -> Int {
        try await read { database in
            // All are counted along the smallest index; a condition on the phase would read every row.
            let all = try Int.fetchOne(database, sql: "SELECT count(*) FROM sessions") ?? 0
            let unfinished = try Int.fetchOne(
                database,
                sql: "SELECT count(*) FROM sessions WHERE phase <> 'finished'"
            )
            return max(0, all - (unfinished ?? 0))
        }
    }

    package func samples(ofSession id: String) async throws(StoreError) -> [SampleBlock] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql:
                    "SELECT metric, side, first_at, step, sample_values FROM samples WHERE session = ? ORDER BY first_at",
                arguments: [id]
            ).map { row in
                guard let side = Side(rawValue: row["side"]) else {
                    throw StoreError(.corrupt, "stored samples of \(id) are of no known side")
                }
                return SampleBlock(
                    session: id,
                    metric: row["metric"],
                    side: side,
                    first: Timestamp(milliseconds: row["first_at"]),
                    step: .milliseconds(row["step"] as Int64),
                    values: try StoredColumn.decode(row["sample_values"])
                )
            }
        }
    }

    package func states(ofSession id: String) async throws(StoreError) -> [StoredMetricState] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT metric, state FROM metric_states WHERE session = ? ORDER BY metric",
                arguments: [id]
            ).map { row in
                StoredMetricState(session: id, metric: row["metric"], bytes: [UInt8](row["state"] as Data))
            }
        }
    }

    package func transitions(ofSession id: String) async throws(StoreError) -> TransitionHistory {
        try await read { database in
            TransitionHistory(
                reading: try Data.fetchAll(
                    database,
                    sql: "SELECT transition FROM transitions WHERE session = ? ORDER BY sequence",
                    arguments: [id]
                )
            )
        }
    }

    package func verdicts(
        ofSession id: String,
        newest limit: Int,
        before verdict: String?
    ) async throws(StoreError) -> VerdictHistory {
        let limit = max(0, limit)
        return try await read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT id, verdict FROM verdicts
                    WHERE session = :session AND (:before IS NULL OR (decided_at, id) < (
                        SELECT decided_at, id FROM verdicts WHERE session = :session AND id = :before
                    ))
                    ORDER BY decided_at DESC, id DESC LIMIT :limit
                    """,
                arguments: ["session": id, "before": verdict, "limit": limit]
            )
            return VerdictHistory(reading: rows.reversed().map { ($0["id"], $0["verdict"]) }, limit: limit)
        }
    }
}

extension StoredSession {
    init(_ row: Row) throws {
        self.init(
            session: try SessionForm.read(row["state"]),
            version: row["version"]
        )
    }
}

extension ListedSession {
    /// From all columns.
    fileprivate init(_ row: Row) throws {
        do throws(FormError) {
            self = .session(try SessionForm.read(row["state"]))
        } catch {
            self = .unreadable(
                UnreadableSession(
                    id: row["id"],
                    application: row["application"],
                    environment: row["environment"],
                    version: row["release_version"],
                    phase: row["phase"],
                    openedAt: Timestamp(milliseconds: row["opened_at"]),
                    reason: error.message,
                    setAsideAt: (row["set_aside_at"] as Int64?).map { Timestamp(milliseconds: $0) }
                )
            )
        }
    }
}
