import Analysis
import Postgres

extension PostgresStore {
    /// Transactions that delete hold it, so that there is one at a time.
    private static let deleting: Int64 = 0x6465_6C65_7465

    package func deleteExpired(
        _ cutoffs: RetentionCutoffs,
        limit: Int
    ) async throws(StoreError) -> [RetainedKind: Int] {
        let partitions = SamplePartitions(pool: pool)
        return try await transaction { connection in
            let lock = try await connection.queryFirst(
                PostgresStatement("SELECT pg_try_advisory_xact_lock($1)", Self.deleting)
            )
            guard try lock?.decode(0, as: Bool.self) == true else { return [:] }
            var deleted: [RetainedKind: Int] = [:]
            for kind in RetainedKind.allCases {
                guard let time = cutoffs[kind] else { continue }
                if let deletion = kind.deletion {
                    let statement = PostgresStatement(deletion, time.milliseconds, Int64(limit))
                    deleted[kind] = try await connection.execute(statement).affectedRows
                } else {
                    deleted[kind] = try await partitions.drop(before: time, limit: limit, on: connection)
                }
            }
            return deleted
        }
    }
}

extension RetainedKind {
    /// With the time and the number of rows; nil for what is dropped by the day.
    fileprivate var deletion: String? {
        switch self {
        case .sessions:
            """
            DELETE FROM sessions WHERE id IN (
                SELECT id FROM sessions WHERE phase = 'finished' AND opened_at < $1 ORDER BY opened_at LIMIT $2
            )
            """
        case .samples: nil
        case .events:
            """
            DELETE FROM inbox WHERE sequence IN (
                SELECT sequence FROM inbox WHERE answered_at < $1 ORDER BY answered_at LIMIT $2
            )
            """
        case .messages:
            """
            DELETE FROM outbox WHERE sequence IN (
                SELECT sequence FROM outbox WHERE settled_at < $1 ORDER BY settled_at LIMIT $2
            )
            """
        case .changes:
            """
            DELETE FROM changes WHERE sequence IN (
                SELECT sequence FROM changes WHERE at < $1 ORDER BY at LIMIT $2
            )
            """
        case .noise:
            """
            DELETE FROM metric_noise WHERE (application, environment, metric, digest) IN (
                SELECT application, environment, metric, digest FROM metric_noise
                WHERE learned_at < $1 ORDER BY learned_at LIMIT $2
            )
            """
        case .pastAnalyses:
            """
            DELETE FROM past_analyses WHERE id IN (
                SELECT id FROM past_analyses
                WHERE requested_at < $1 AND (finished_at IS NOT NULL OR attempts >= \(ClaimedPastAnalysis.mostAttempts))
                ORDER BY requested_at LIMIT $2
            )
            """
        }
    }
}
