import Analysis
import Foundation
import Postgres
import StoredFormats

extension PostgresStore {
    package func setAside(_ id: String, version: Int64, because reason: String) async throws(StoreError) {
        try await write { connection in
            try await connection.execute(
                PostgresStatement(
                    """
                    WITH written AS (
                        UPDATE sessions
                        SET set_aside_at = (extract(epoch FROM clock_timestamp()) * 1000)::bigint, set_aside_reason = $3,
                            version = version + 1, lease_owner = NULL, lease_until = NULL
                        WHERE id = $1 AND version = $2
                        RETURNING 1
                    )
                    SELECT assay_expect((SELECT count(*) FROM written), 1)
                    """,
                    id,
                    version,
                    reason.storable
                )
            )
        }
    }

    package func setAside() async throws(StoreError) -> SetAside {
        try await read { connection in
            let results = try await connection.pipeline([
                PostgresStatement(
                    """
                    SELECT \(WorkableRows.reason) AS reason, count(*) \(Self.left) GROUP BY 1
                    UNION ALL
                    SELECT 'unreadable_event', count(*) FROM inbox WHERE set_aside_at IS NOT NULL
                    UNION ALL
                    SELECT 'newer_form', count(*) FROM inbox WHERE \(AnswerableRows.ofNewerForm)
                    """
                ),
                PostgresStatement(
                    """
                    SELECT id, \(WorkableRows.reason) AS reason, set_aside_reason \(Self.left)
                    UNION ALL
                    SELECT source || ' ' || event_id, 'unreadable_event', set_aside_reason FROM inbox
                    WHERE set_aside_at IS NOT NULL
                    UNION ALL
                    SELECT source || ' ' || event_id, 'newer_form', \(AnswerableRows.newerForm) FROM inbox
                    WHERE \(AnswerableRows.ofNewerForm)
                    LIMIT $1
                    """,
                    Int64(SetAside.maximumRows)
                ),
            ])
            var found = SetAside()
            for row in results[0].rows {
                if let reason = SetAsideReason(rawValue: try row.decode(0)) {
                    found.counts[reason, default: 0] += try row.decode(1, as: Int.self)
                }
            }
            for row in results[1].rows {
                guard let reason = SetAsideReason(rawValue: try row.decode(1)) else { continue }
                let detail = try row.decode(2, as: String?.self)
                found.rows.append(SetAside.Row(id: try row.decode(0), reason: reason, detail: detail ?? ""))
            }
            return found
        }
    }

    private static let left = "FROM sessions WHERE phase <> 'finished' AND NOT (\(WorkableRows.condition))"

    /// What another version could not read this one may: a process that starts tries it again.
    static func retrySetAside(on pool: PostgresPool) async throws {
        try await pool.withConnection { connection in
            for table in ["sessions", "inbox"] {
                try await connection.run(
                    script: """
                        UPDATE \(table) SET set_aside_at = NULL, set_aside_reason = NULL WHERE set_aside_at IS NOT NULL
                        """
                )
            }
            // A version put back may have written what is known about the release anew.
            try await connection.run(
                script: """
                    UPDATE inbox SET timeline_form = NULL WHERE answered_at IS NULL AND timeline_form IS NOT NULL
                    """
            )
        }
    }
}

extension ListedSession {
    /// From the columns `id, application, environment, release_version, phase, opened_at, set_aside_at, state`.
    init(_ row: PostgresRow) throws {
        do {
            self = .session(try SessionForm.read(Data(try row.decode("state", as: PostgresBytes.self).bytes)))
        } catch let error as FormError {
            self = .unreadable(
                UnreadableSession(
                    id: try row.decode("id"),
                    application: try row.decode("application"),
                    environment: try row.decode("environment"),
                    version: try row.decode("release_version"),
                    phase: try row.decode("phase"),
                    openedAt: Timestamp(milliseconds: try row.decode("opened_at")),
                    reason: error.message,
                    setAsideAt: try row.decode("set_aside_at", as: Int64?.self).map { Timestamp(milliseconds: $0) }
                )
            )
        }
    }

    static let columns = "id, application, environment, release_version, phase, opened_at, set_aside_at, state"
}
