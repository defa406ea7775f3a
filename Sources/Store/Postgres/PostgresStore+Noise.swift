import Analysis
import Postgres

extension PostgresStore {
    package func noise(of keys: [NoiseKey]) async throws(StoreError) -> [StoredNoise] {
        guard !keys.isEmpty else { return [] }
        return try await read { connection in
            try await connection.query(
                PostgresStatement(
                    """
                    SELECT application, environment, metric, digest, learned_at, noise FROM metric_noise
                    JOIN unnest($1::text[], $2::text[], $3::text[], $4::text[])
                        AS asked (application, environment, metric, digest)
                        USING (application, environment, metric, digest)
                    ORDER BY application, environment, metric, digest
                    """,
                    keys.map(\.application.storable),
                    keys.map(\.environment.storable),
                    keys.map(\.metric.storable),
                    keys.map(\.digest.storable)
                )
            ).map { row in
                StoredNoise(
                    key: NoiseKey(
                        application: try row.decode(0, as: String.self),
                        environment: try row.decode(1, as: String.self),
                        metric: try row.decode(2, as: String.self),
                        digest: try row.decode(3, as: String.self)
                    ),
                    learnedAt: Timestamp(milliseconds: try row.decode(4, as: Int64.self)),
                    bytes: try row.decode(5, as: PostgresBytes.self).bytes
                )
            }
        }
    }
}

/// The statements that write what was learned.
struct NoiseWriter {
    let noise: [StoredNoise]

    var statements: [PostgresStatement] {
        // One of each key, in the order of the keys: a statement may not write a row twice, and two replicas that write the
        // same rows lock them in one order.
        let newest = Dictionary(grouping: noise, by: \.key).compactMap { $0.value.max { $0.learnedAt < $1.learnedAt } }
        let sorted = newest.sorted { Self.parts($0.key).lexicographicallyPrecedes(Self.parts($1.key)) }
        guard !sorted.isEmpty else { return [] }
        let upsert = PostgresStatement(
            """
            INSERT INTO metric_noise (application, environment, metric, digest, learned_at, noise)
            SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bytea[])
            ON CONFLICT (application, environment, metric, digest) DO UPDATE
                SET learned_at = excluded.learned_at, noise = excluded.noise
                WHERE metric_noise.learned_at <= excluded.learned_at
            """,
            sorted.map(\.key.application.storable),
            sorted.map(\.key.environment.storable),
            sorted.map(\.key.metric.storable),
            sorted.map(\.key.digest.storable),
            sorted.map(\.learnedAt.milliseconds),
            sorted.map { PostgresBytes($0.bytes) }
        )
        var releases: [[String]] = []
        for part in sorted.map({ [$0.key.application, $0.key.environment] }) where releases.last != part {
            releases.append(part)
        }
        return [upsert]
            + releases.map { release in
                PostgresStatement(
                    """
                    DELETE FROM metric_noise WHERE (application, environment, metric, digest) IN (
                        SELECT application, environment, metric, digest FROM metric_noise
                        WHERE application = $1 AND environment = $2
                        ORDER BY learned_at DESC, metric, digest OFFSET $3
                    )
                    """,
                    release[0].storable,
                    release[1].storable,
                    Int64(StoredNoise.mostOfRelease)
                )
            }
    }

    private static func parts(_ key: NoiseKey) -> [String] {
        [key.application, key.environment, key.metric, key.digest]
    }
}
