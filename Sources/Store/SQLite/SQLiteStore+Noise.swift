import Analysis
import Foundation
import GRDB

extension SQLiteStore {
    package func noise(of keys: [NoiseKey]) async throws(StoreError) -> [StoredNoise] {
        try await read { database in
            try keys.compactMap { key in
                try Row.fetchOne(
                    database,
                    sql: """
                        SELECT learned_at, noise FROM metric_noise
                        WHERE application = ? AND environment = ? AND metric = ? AND digest = ?
                        """,
                    arguments: [key.application, key.environment, key.metric, key.digest]
                ).map { row in
                    StoredNoise(
                        key: key,
                        learnedAt: Timestamp(milliseconds: row["learned_at"]),
                        bytes: [UInt8](row["noise"] as Data)
                    )
                }
            }
        }
    }
}

/// Writes what was learned, and leaves of each application and environment the newest.
func keep(_ noise: [StoredNoise], in database: Database) throws {
    for noise in noise {
        let key = noise.key
        try database.run(
            sql: """
                INSERT INTO metric_noise (application, environment, metric, digest, learned_at, noise)
                VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (application, environment, metric, digest) DO UPDATE
                    SET learned_at = excluded.learned_at, noise = excluded.noise
                    WHERE metric_noise.learned_at <= excluded.learned_at
                """,
            arguments: [
                key.application, key.environment, key.metric, key.digest, noise.learnedAt.milliseconds,
                Data(noise.bytes),
            ]
        )
    }
    for release in Set(noise.map { [$0.key.application, $0.key.environment] }) {
        try database.run(
            sql: """
                DELETE FROM metric_noise WHERE (application, environment, metric, digest) IN (
                    SELECT application, environment, metric, digest FROM metric_noise
                    WHERE application = ? AND environment = ?
                    ORDER BY learned_at DESC, metric, digest LIMIT -1 OFFSET ?
                )
                """,
            arguments: [release[0], release[1], StoredNoise.mostOfRelease]
        )
    }
}
