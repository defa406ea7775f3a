package import Analysis
import GRDB

extension SQLiteStore {
    package func checkIn(_ replica: Replica, at now: Timestamp) async throws(StoreError) -> [Replica] {
        try await write { database in
            try database.execute(sql: "DELETE FROM replicas WHERE alive_until <= ?", arguments: [now.milliseconds])
            try database.execute(
                sql: """
                    INSERT INTO replicas (name, relays, started_at, alive_until) VALUES (?, ?, ?, ?)
                    ON CONFLICT (name) DO UPDATE SET alive_until = excluded.alive_until, relays = excluded.relays
                    """,
                arguments: [
                    replica.name, replica.relays, replica.startedAt.milliseconds, replica.aliveUntil.milliseconds,
                ]
            )
            return try Row.fetchAll(database, sql: "SELECT * FROM replicas ORDER BY name").map { row in
                Replica(
                    name: row["name"],
                    relays: row["relays"],
                    startedAt: Timestamp(milliseconds: row["started_at"]),
                    aliveUntil: Timestamp(milliseconds: row["alive_until"])
                )
            }
        }
    }

    package func checkOut(_ name: String) async throws(StoreError) {
        try await write { database in
            try database.execute(sql: "DELETE FROM replicas WHERE name = ?", arguments: [name])
        }
    }
}
