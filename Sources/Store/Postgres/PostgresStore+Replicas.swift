package import Analysis
import Logging
import Postgres
import Synchronization

extension PostgresStore {
    package func checkIn(_ replica: Replica, at now: Timestamp) async throws(StoreError) -> [Replica] {
        await makePartitions(at: now)
        return try await write { connection in
            let results = try await connection.pipeline([
                PostgresStatement(
                    "DELETE FROM replicas WHERE alive_until <= $1 AND name <> $2",
                    now.milliseconds,
                    replica.name
                ),
                PostgresStatement(
                    """
                    INSERT INTO replicas (name, relays, started_at, alive_until) VALUES ($1, $2, $3, $4)
                    ON CONFLICT (name) DO UPDATE SET alive_until = excluded.alive_until, relays = excluded.relays
                    """,
                    replica.name,
                    replica.relays,
                    replica.startedAt.milliseconds,
                    replica.aliveUntil.milliseconds
                ),
                "SELECT name, relays, started_at, alive_until FROM replicas ORDER BY name COLLATE \"C\"",
            ])
            return try results[2].rows.map { row in
                Replica(
                    name: try row.decode(0),
                    relays: try row.decode(1),
                    startedAt: Timestamp(milliseconds: try row.decode(2)),
                    aliveUntil: Timestamp(milliseconds: try row.decode(3))
                )
            }
        }
    }

    /// Once a day, and again while it fails: samples of a day without a partition are kept with the others.
    private func makePartitions(at now: Timestamp) async {
        let day = now.milliseconds / SamplePartitions.day
        let isDue = partitionDay.withLock { last in
            defer { last = day }
            return last != day
        }
        guard isDue else { return }
        do { try await SamplePartitions(pool: pool).makeAhead() } catch {
            partitionDay.withLock { $0 = 0 }
            failedPartitions.add(1, ordering: .relaxed)
            logger.warning("partitions of samples cannot be made; trying again", metadata: ["error": "\(error)"])
        }
    }

    package func checkOut(_ name: String) async throws(StoreError) {
        try await write { connection in
            try await connection.execute(PostgresStatement("DELETE FROM replicas WHERE name = $1", name))
        }
    }
}
