package import Analysis
import Foundation
import GRDB
import StoredFormats

extension SQLiteStore {
    package func add(
        _ past: PastAnalysis,
        at now: Timestamp,
        unlessWaiting limit: Int
    ) async throws(StoreError) -> Bool {
        try await write { database in
            let waiting = try Int.fetchOne(
                database,
                sql: "SELECT count(*) FROM past_analyses WHERE finished_at IS NULL AND attempts < ?",
                arguments: [ClaimedPastAnalysis.mostAttempts]
            )
            guard waiting ?? 0 < limit else { return false }
            try database.execute(
                sql: """
                    INSERT INTO past_analyses (id, application, environment, requested_at, form, record)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    past.id, past.session.event.application, past.session.event.environment, now.milliseconds,
                    KnownForms.pastAnalysis, try PastAnalysisForm.write(past),
                ]
            )
            return true
        }
    }

    package func claimPastAnalysis(_ claim: LeaseClaim) async throws(StoreError) -> ClaimedPastAnalysis? {
        try await write { database in
            try Row.fetchOne(
                database,
                sql: """
                    UPDATE past_analyses
                    SET lease_owner = :owner, lease_until = :until, version = version + 1, attempts = attempts + 1
                    WHERE id = (
                        SELECT id FROM past_analyses
                        WHERE finished_at IS NULL AND form <= :form AND attempts < :attempts
                            AND (lease_until IS NULL OR lease_until <= :now)
                        ORDER BY requested_at, id LIMIT 1
                    )
                    RETURNING record, version, attempts
                    """,
                arguments: [
                    "owner": claim.owner, "until": claim.until.milliseconds, "now": claim.now.milliseconds,
                    "form": KnownForms.pastAnalysis, "attempts": ClaimedPastAnalysis.mostAttempts,
                ]
            ).map { row in
                ClaimedPastAnalysis(
                    try PastAnalysisForm.read(row["record"]),
                    version: row["version"],
                    attempts: row["attempts"]
                )
            }
        }
    }

    package func renewPastAnalysis(
        _ id: String,
        version: Int64,
        until: Timestamp
    ) async throws(StoreError) -> Bool {
        try await write { database in
            try database.execute(
                sql: """
                    UPDATE past_analyses SET lease_until = ?
                    WHERE id = ? AND version = ? AND finished_at IS NULL AND lease_until IS NOT NULL
                    """,
                arguments: [until.milliseconds, id, version]
            )
            return database.changesCount == 1
        }
    }

    package func releasePastAnalyses(owner: String) async throws(StoreError) {
        try await write { database in
            try database.execute(
                sql: """
                    UPDATE past_analyses
                    SET lease_owner = NULL, lease_until = NULL, version = version + 1, attempts = attempts - 1
                    WHERE lease_owner = ? AND finished_at IS NULL
                    """,
                arguments: [owner]
            )
        }
    }

    package func finish(
        _ past: PastAnalysis,
        _ samples: [SampleBlock],
        version: Int64,
        at now: Timestamp
    ) async throws(StoreError) {
        try await write { database in
            try database.execute(
                sql: """
                    UPDATE past_analyses
                    SET record = ?, samples = ?, form = ?, finished_at = ?, lease_owner = NULL, lease_until = NULL
                    WHERE id = ? AND version = ? AND finished_at IS NULL
                    """,
                arguments: [
                    try PastAnalysisForm.write(past), Data(SampleBlockCodec.encode(samples)), KnownForms.pastAnalysis,
                    now.milliseconds, past.id, version,
                ]
            )
            guard database.changesCount == 1 else {
                throw StoreError(.conflict, "the analysis \(past.id) has been taken over")
            }
        }
    }

    package func pastAnalysis(id: String) async throws(StoreError) -> StoredPastAnalysis? {
        try await read { database in
            try Row.fetchOne(
                database,
                sql: "SELECT record, requested_at, finished_at, attempts FROM past_analyses WHERE id = ?",
                arguments: [id]
            ).map(StoredPastAnalysis.init)
        }
    }

    package func samples(ofPastAnalysis id: String) async throws(StoreError) -> [SampleBlock] {
        try await read { database in
            let bytes = try Data.fetchOne(
                database,
                sql: "SELECT samples FROM past_analyses WHERE id = ?",
                arguments: [id]
            )
            return try bytes.map { try SampleBlockCodec.decode([UInt8]($0), session: id) } ?? []
        }
    }

    package func pastAnalyses(_ query: PastAnalysisQuery) async throws(StoreError) -> [StoredPastAnalysis] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT record, requested_at, finished_at, attempts FROM past_analyses
                    WHERE (:application IS NULL OR application = :application)
                        AND (:environment IS NULL OR environment = :environment)
                        AND (:time IS NULL OR requested_at < :time OR (requested_at = :time AND id > :id))
                    ORDER BY requested_at DESC, id LIMIT :limit
                    """,
                arguments: [
                    "application": query.application, "environment": query.environment,
                    "time": query.after?.openedAt.milliseconds, "id": query.after?.id, "limit": query.limit,
                ]
            ).compactMap { try? StoredPastAnalysis($0) }
        }
    }
}

extension StoredPastAnalysis {
    fileprivate init(_ row: Row) throws {
        self.init(
            try PastAnalysisForm.read(row["record"]),
            requestedAt: Timestamp(milliseconds: row["requested_at"]),
            finishedAt: (row["finished_at"] as Int64?).map { Timestamp(milliseconds: $0) },
            isBegun: row["attempts"] > 0
        )
    }
}
