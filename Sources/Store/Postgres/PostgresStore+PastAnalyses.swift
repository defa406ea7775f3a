package import Analysis
import Foundation
import Postgres
import StoredFormats

extension PostgresStore {
    /// Transactions that add one hold it, so that no two of them count at once.
    private static let adding: Int64 = 0x7061_7374

    package func add(
        _ past: PastAnalysis,
        at now: Timestamp,
        unlessWaiting limit: Int
    ) async throws(StoreError) -> Bool {
        try await transaction { connection in
            try await connection.execute(PostgresStatement("SELECT pg_advisory_xact_lock($1)", Self.adding))
            let row = try await connection.queryFirst(
                PostgresStatement(
                    "SELECT count(*) FROM past_analyses WHERE finished_at IS NULL AND attempts < $1",
                    Int32(ClaimedPastAnalysis.mostAttempts)
                )
            )
            guard try row?.decode(0, as: Int64.self) ?? 0 < Int64(limit) else { return false }
            try await connection.execute(
                PostgresStatement(
                    """
                    INSERT INTO past_analyses (id, application, environment, requested_at, form, record)
                    VALUES ($1, $2, $3, $4, $5, $6)
                    """,
                    past.id.storable,
                    past.session.event.application.storable,
                    past.session.event.environment.storable,
                    now.milliseconds,
                    Int32(KnownForms.pastAnalysis),
                    PostgresBytes([UInt8](try PastAnalysisForm.write(past)))
                )
            )
            return true
        }
    }

    package func claimPastAnalysis(_ claim: LeaseClaim) async throws(StoreError) -> ClaimedPastAnalysis? {
        try await write { connection in
            try await connection.queryFirst(
                PostgresStatement(
                    """
                    UPDATE past_analyses
                    SET lease_owner = $1, lease_until = $2, version = version + 1, attempts = attempts + 1
                    WHERE id = (
                        SELECT id FROM past_analyses
                        WHERE finished_at IS NULL AND form <= $4 AND attempts < $5
                            AND (lease_until IS NULL OR lease_until <= $3)
                        ORDER BY requested_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
                    )
                    RETURNING record, version, attempts
                    """,
                    claim.owner,
                    claim.until.milliseconds,
                    claim.now.milliseconds,
                    Int32(KnownForms.pastAnalysis),
                    Int32(ClaimedPastAnalysis.mostAttempts)
                )
            ).map { row in
                ClaimedPastAnalysis(
                    try PastAnalysisForm.read(Data(try row.decode(0, as: PostgresBytes.self).bytes)),
                    version: try row.decode(1),
                    attempts: Int(try row.decode(2, as: Int32.self))
                )
            }
        }
    }

    package func renewPastAnalysis(
        _ id: String,
        version: Int64,
        until: Timestamp
    ) async throws(StoreError) -> Bool {
        try await write { connection in
            try await connection.execute(
                PostgresStatement(
                    """
                    UPDATE past_analyses SET lease_until = $3
                    WHERE id = $1 AND version = $2 AND finished_at IS NULL AND lease_until IS NOT NULL
                    """,
                    id,
                    version,
                    until.milliseconds
                )
            ).affectedRows == 1
        }
    }

    package func releasePastAnalyses(owner: String) async throws(StoreError) {
        try await write { connection in
            try await connection.execute(
                PostgresStatement(
                    """
                    UPDATE past_analyses
                    SET lease_owner = NULL, lease_until = NULL, version = version + 1, attempts = attempts - 1
                    WHERE lease_owner = $1 AND finished_at IS NULL
                    """,
                    owner
                )
            )
        }
    }

    package func finish(
        _ past: PastAnalysis,
        _ samples: [SampleBlock],
        version: Int64,
        at now: Timestamp
    ) async throws(StoreError) {
        let rows = try await write { connection in
            try await connection.execute(
                PostgresStatement(
                    """
                    UPDATE past_analyses
                    SET record = $3, samples = $4, form = $5, finished_at = $6, lease_owner = NULL, lease_until = NULL
                    WHERE id = $1 AND version = $2 AND finished_at IS NULL
                    """,
                    past.id,
                    version,
                    PostgresBytes([UInt8](try PastAnalysisForm.write(past))),
                    PostgresBytes(SampleBlockCodec.encode(samples)),
                    Int32(KnownForms.pastAnalysis),
                    now.milliseconds
                )
            ).affectedRows
        }
        guard rows == 1 else { throw StoreError(.conflict, "the analysis \(past.id) has been taken over") }
    }

    package func pastAnalysis(id: String) async throws(StoreError) -> StoredPastAnalysis? {
        try await read { connection in
            try await connection.queryFirst(
                PostgresStatement(
                    "SELECT record, requested_at, finished_at, attempts FROM past_analyses WHERE id = $1",
                    id.storable
                )
            ).map(StoredPastAnalysis.init)
        }
    }

    package func samples(ofPastAnalysis id: String) async throws(StoreError) -> [SampleBlock] {
        try await read { connection in
            let row = try await connection.queryFirst(
                PostgresStatement("SELECT samples FROM past_analyses WHERE id = $1", id.storable)
            )
            guard let bytes = try row?.decode(0, as: PostgresBytes?.self) else { return [] }
            return try SampleBlockCodec.decode(bytes.bytes, session: id)
        }
    }

    package func pastAnalyses(_ query: PastAnalysisQuery) async throws(StoreError) -> [StoredPastAnalysis] {
        try await read { connection in
            try await connection.query(
                PostgresStatement(
                    """
                    SELECT record, requested_at, finished_at, attempts FROM past_analyses
                    WHERE ($1::text IS NULL OR application = $1) AND ($2::text IS NULL OR environment = $2)
                        AND ($3::bigint IS NULL OR requested_at < $3 OR (requested_at = $3 AND id > $4))
                    ORDER BY requested_at DESC, id LIMIT $5
                    """,
                    query.application?.storable,
                    query.environment?.storable,
                    query.after?.openedAt.milliseconds,
                    query.after?.id.storable,
                    Int64(query.limit)
                )
            ).compactMap { try? StoredPastAnalysis($0) }
        }
    }
}

extension StoredPastAnalysis {
    fileprivate init(_ row: PostgresRow) throws {
        self.init(
            try PastAnalysisForm.read(Data(try row.decode(0, as: PostgresBytes.self).bytes)),
            requestedAt: Timestamp(milliseconds: try row.decode(1)),
            finishedAt: try row.decode(2, as: Int64?.self).map { Timestamp(milliseconds: $0) },
            isBegun: try row.decode(3, as: Int32.self) > 0
        )
    }
}
