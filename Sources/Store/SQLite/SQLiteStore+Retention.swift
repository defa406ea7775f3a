import Analysis
import GRDB

extension SQLiteStore {
    package func deleteExpired(
        _ cutoffs: RetentionCutoffs,
        limit: Int
    ) async throws(StoreError) -> [RetainedKind: Int] {
        try await write { database in
            var deleted: [RetainedKind: Int] = [:]
            for kind in RetainedKind.allCases {
                guard let time = cutoffs[kind] else { continue }
                try database.execute(sql: kind.deletion, arguments: [time.milliseconds, limit])
                deleted[kind] = database.changesCount
            }
            return deleted
        }
    }
}

extension RetainedKind {
    /// With the time and the number of rows.
    fileprivate var deletion: String {
        switch self {
        case .sessions:
            """
            DELETE FROM sessions WHERE id IN (
                SELECT id FROM sessions WHERE phase = 'finished' AND opened_at < ? ORDER BY opened_at LIMIT ?
            )
            """
        case .samples:
            """
            DELETE FROM samples WHERE (session, first_at, metric, side) IN (
                SELECT session, first_at, metric, side FROM sessions JOIN samples ON session = id
                WHERE phase = 'finished' AND opened_at < ? LIMIT ?
            )
            """
        case .events:
            """
            DELETE FROM inbox WHERE sequence IN (
                SELECT sequence FROM inbox WHERE answered_at < ? ORDER BY answered_at LIMIT ?
            )
            """
        case .messages:
            """
            DELETE FROM outbox WHERE sequence IN (
                SELECT sequence FROM outbox WHERE settled_at < ? ORDER BY settled_at LIMIT ?
            )
            """
        case .changes:
            """
            DELETE FROM changes WHERE sequence IN (
                SELECT sequence FROM changes WHERE at < ? ORDER BY at LIMIT ?
            )
            """
        case .noise:
            """
            DELETE FROM metric_noise WHERE (application, environment, metric, digest) IN (
                SELECT application, environment, metric, digest FROM metric_noise
                WHERE learned_at < ? ORDER BY learned_at LIMIT ?
            )
            """
        case .pastAnalyses:
            """
            DELETE FROM past_analyses WHERE id IN (
                SELECT id FROM past_analyses
                WHERE requested_at < ? AND (finished_at IS NOT NULL OR attempts >= \(ClaimedPastAnalysis.mostAttempts))
                ORDER BY requested_at LIMIT ?
            )
            """
        }
    }
}
