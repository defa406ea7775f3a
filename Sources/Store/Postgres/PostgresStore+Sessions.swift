package import Analysis
import Foundation
import Judging
import Postgres
import StoredFormats
import Synchronization

extension PostgresStore {
    @discardableResult
    package func commit(_ change: StoreChange) async throws(StoreError) -> [String: Int64] {
        var writer = ChangeWriter()
        let statements: [PostgresStatement]
        do {
            try writer.add(change)
            statements = try writer.statements()
        } catch {
            throw StoreError(reading: error)
        }
        if !statements.isEmpty {
            // One round trip, and one transaction without saying so.
            try await write { connection in try await connection.pipeline(statements) }
        }
        return Dictionary(change.written.map { ($0.session.id, $0.version + 1) }) { $1 }
    }

    package func claimDueSessions(_ claim: LeaseClaim, limit: Int) async throws(StoreError) -> [StoredSession] {
        let rows = try await write { connection in
            let turns = PostgresTurns(claim: claim, connection: connection)
            if let rows = try await turns.all(upTo: limit) { return rows }
            var fair = FairTurns(limit: limit, place: turnPlace.withLock { $0 })
            try await turns.share(&fair)
            turnPlace.withLock { $0 = fair.place }
            return try await turns.first(fair.sessions, upTo: limit)
        }
        var claimed: [StoredSession] = []
        var unworkable: [PostgresStatement] = []
        do {
            for row in rows {
                switch try ClaimedRow(row) {
                case .workable(let stored): claimed.append(stored)
                case .unworkable(let row): if let row { unworkable.append(row.statement) }
                }
            }
        } catch {
            throw StoreError(reading: error)
        }
        if !unworkable.isEmpty {
            let statements = unworkable
            try await write { connection in try await connection.pipeline(statements) }
        }
        return claimed
    }

    package func renewLeases(_ held: [String: Int64], until: Timestamp) async throws(StoreError) -> Set<String> {
        let ids = held.keys.sorted()
        let rows = try await write { connection in
            try await connection.query(
                PostgresStatement(
                    """
                    UPDATE sessions SET lease_until = $3
                    FROM unnest($1::text[], $2::bigint[]) AS held (id, version)
                    WHERE sessions.id = held.id AND sessions.version = held.version AND lease_owner IS NOT NULL
                    RETURNING sessions.id
                    """,
                    ids,
                    ids.map { held[$0] ?? 0 },
                    until.milliseconds
                )
            ).map { try $0.decode(0, as: String.self) }
        }
        return Set(rows)
    }

    package func releaseLeases(owner: String) async throws(StoreError) {
        try await write { connection in
            try await connection.execute(
                PostgresStatement(
                    """
                    UPDATE sessions SET lease_owner = NULL, lease_until = NULL
                    WHERE lease_until IS NOT NULL AND lease_owner = $1
                    """,
                    owner
                )
            )
        }
    }

    package func nextWake() async throws(StoreError) -> Timestamp? {
        try await read { connection in
            let statement = PostgresStatement(
                """
                SELECT least(
                    (SELECT wake_at FROM sessions
                        WHERE phase <> 'finished' AND wake_at IS NOT NULL AND lease_until IS NULL
                            AND \(WorkableRows.condition)
                        ORDER BY wake_at LIMIT 1),
                    (SELECT min(greatest(wake_at, lease_until)) FROM sessions
                        WHERE phase <> 'finished' AND wake_at IS NOT NULL AND lease_until IS NOT NULL
                            AND \(WorkableRows.condition))
                )
                """
            )
            let row = try await connection.queryFirst(statement)
            return try row?.decode(0, as: Int64?.self).map { Timestamp(milliseconds: $0) }
        }
    }

    package func session(id: String) async throws(StoreError) -> StoredSession? {
        try await read { connection in
            try await connection.queryFirst(
                PostgresStatement("SELECT state, version FROM sessions WHERE id = $1", id.storable)
            ).map { try StoredSession($0) }
        }
    }

    package func listedSession(id: String) async throws(StoreError) -> ListedSession? {
        try await read { connection in
            try await connection.queryFirst(
                PostgresStatement("SELECT \(ListedSession.columns) FROM sessions WHERE id = $1", id.storable)
            ).map { try ListedSession($0) }
        }
    }

    package func sessions(_ query: SessionQuery) async throws(StoreError) -> [ListedSession] {
        try await read { connection in
            var found: [ListedSession] = []
            var next: SessionQuery? = query
            while let query = next {
                next = query.rest(after: try await Self.sessions(query, on: connection), &found)
            }
            return found
        }
    }

    private static func sessions(
        _ query: SessionQuery,
        on connection: PostgresConnection
    ) async throws -> [ListedSession] {
        try await connection.query(
            PostgresStatement(
                """
                SELECT \(ListedSession.columns) FROM sessions
                WHERE ($1::text IS NULL OR application = $1)
                    AND ($2::text IS NULL OR environment = $2)
                    AND ($3::text IS NULL OR release_version = $3)
                    AND ($4::text IS NULL OR phase = $4)
                    AND ($5::bigint IS NULL OR opened_at < $5 OR (opened_at = $5 AND id > $6))
                    AND ($7::text IS NULL OR cluster IS NULL OR cluster = $7)
                    AND ($8::text IS NULL OR namespace IS NULL OR namespace = $8)
                    AND ($10::text IS NULL OR result = $10 OR (result IS NULL AND phase = 'finished'))
                    AND ($11::bigint IS NULL OR opened_at >= $11)
                ORDER BY opened_at DESC, id LIMIT $9
                """,
                query.application?.storable,
                query.environment?.storable,
                query.version?.storable,
                query.phase?.rawValue,
                query.after?.openedAt.milliseconds,
                query.after?.id.storable,
                query.cluster?.storable,
                query.namespace?.storable,
                Int64(query.limit),
                query.result?.rawValue,
                query.since?.milliseconds
            )
        ).map { try ListedSession($0) }
    }

    package func unfinishedSessionCounts() async throws(StoreError) -> [AnalysisSession.Phase: Int] {
        try await read { connection in
            var counts: [AnalysisSession.Phase: Int] = [:]
            let rows = try await connection.query(
                "SELECT phase, count(*) FROM sessions WHERE phase <> 'finished' GROUP BY phase"
            )
            for row in rows {
                if let phase = AnalysisSession.Phase(rawValue: try row.decode(0)) { counts[phase] = try row.decode(1) }
            }
            return counts
        }
    }

    package func finishedSessionCount() async throws(StoreError) -> Int {
        try await read { connection in
            // All are counted along an index; a condition on the phase would read every row.
            let row = try await connection.queryFirst(
                """
                SELECT (SELECT count(*) FROM sessions)
                    - (SELECT count(*) FROM sessions WHERE phase <> 'finished')
                """
            )
            return max(0, try row?.decode(0) ?? 0)
        }
    }

    package func samples(ofSession id: String) async throws(StoreError) -> [SampleBlock] {
        try await read { connection in
            try await connection.query(
                PostgresStatement(
                    "SELECT blocks FROM samples WHERE session = $1 ORDER BY sequence",
                    id.storable
                )
            ).flatMap { row in
                try SampleBlockCodec.decode(try row.decode(0, as: PostgresBytes.self).bytes, session: id)
            }
        }
    }

    package func states(ofSession id: String) async throws(StoreError) -> [StoredMetricState] {
        try await read { connection in
            try await connection.query(
                PostgresStatement(
                    "SELECT metric, state FROM metric_states WHERE session = $1 ORDER BY metric",
                    id.storable
                )
            ).map { row in
                StoredMetricState(
                    session: id,
                    metric: Int(try row.decode(0, as: Int32.self)),
                    bytes: try row.decode(1, as: PostgresBytes.self).bytes
                )
            }
        }
    }

    package func transitions(ofSession id: String) async throws(StoreError) -> TransitionHistory {
        try await read { connection in
            let rows = try await connection.query(
                PostgresStatement(
                    """
                    SELECT at, replica, cause, from_phase, to_phase, look, reason, result FROM transitions
                    WHERE session = $1 ORDER BY sequence
                    """,
                    id.storable
                )
            )
            // A row is of columns: there is none that cannot be read.
            return TransitionHistory(transitions: try rows.map { row in try SessionTransition(row, session: id) })
        }
    }

    package func verdicts(
        ofSession id: String,
        newest limit: Int,
        before verdict: String?
    ) async throws(StoreError) -> VerdictHistory {
        let limit = max(0, limit)
        return try await read { connection in
            let rows = try await connection.query(
                PostgresStatement(
                    """
                    SELECT id, verdict FROM verdicts
                    WHERE session = $1 AND ($3::text IS NULL OR (decided_at, id) < (
                        SELECT decided_at, id FROM verdicts WHERE session = $1 AND id = $3
                    ))
                    ORDER BY decided_at DESC, id DESC LIMIT $2
                    """,
                    id.storable,
                    limit,
                    verdict?.storable
                )
            )
            return VerdictHistory(
                reading: try rows.reversed().map {
                    (try $0.decode(0), Data(try $0.decode(1, as: PostgresBytes.self).bytes))
                },
                limit: limit
            )
        }
    }
}

extension SessionTransition {
    /// From the columns from `first` on.
    init(_ row: PostgresRow, session: String, from first: Int = 0) throws {
        self.init(
            session: session,
            at: Timestamp(milliseconds: try row.decode(first)),
            replica: try row.decode(first + 1),
            cause: Cause(named: try row.decode(first + 2)),
            from: try row.decode(first + 3, as: String?.self).map { Phase(named: $0) },
            to: Phase(named: try row.decode(first + 4)),
            look: Int(try row.decode(first + 5, as: Int32.self)),
            reason: try row.decode(first + 6),
            result: try row.decode(first + 7, as: String?.self).map { JudgementResult(named: $0) }
        )
    }
}
