import Analysis
import Postgres

/// The days that samples are kept by.
struct SamplePartitions: Sendable {
    static let day: Int64 = 86_400_000

    let pool: PostgresPool

    /// Makes the partitions of today and the two days after it, by the server's time. What has none is kept with the
    /// others, so that a failure costs nothing but the ease of dropping it.
    func makeAhead() async throws {
        try await pool.withConnection { connection in
            let today = try await connection.time().milliseconds / Self.day
            for number in today...today + 2 { try await make(number, on: connection) }
        }
    }

    private func make(_ day: Int64, on connection: PostgresConnection) async throws {
        let start = day * Self.day
        let name = Self.name(of: day)
        let known = try await connection.queryFirst(PostgresStatement("SELECT to_regclass($1) IS NOT NULL", name))
        if try known?.decode(0, as: Bool.self) == true { return }
        do throws(PostgresError) {
            try await connection.run(
                script: """
                    CREATE TABLE IF NOT EXISTS \(name) PARTITION OF samples
                    FOR VALUES FROM (\(start)) TO (\(start + Self.day))
                    """
            )
        } catch {
            // Another replica was quicker, or the day's first samples went to the others already.
            guard ["42P07", "42P17", "23505", "23514"].contains(error.sqlState) else { throw error }
        }
    }

    /// Drops the days that ended before `time` and before the oldest unfinished session began, and up to `limit` rows of
    /// such days that had no partition. Returns how many.
    func drop(before time: Timestamp, limit: Int, on connection: PostgresConnection) async throws -> Int {
        let row = try await connection.queryFirst("SELECT min(opened_at) FROM sessions WHERE phase <> 'finished'")
        let oldest = try row?.decode(0, as: Int64?.self) ?? time.milliseconds
        let end = min(oldest, time.milliseconds) / Self.day
        let names = try await connection.query(
            PostgresStatement(
                """
                SELECT child.relname::text FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
                WHERE inhparent = 'samples'::regclass AND child.relname ~ '^samples_[0-9]{8}$' AND child.relname < $1
                ORDER BY child.relname
                """,
                Self.name(of: end)
            )
        ).map { try $0.decode(0, as: String.self) }
        // Readers of a day are not made to wait for long; it can be dropped the next time.
        try await connection.run(script: "SET LOCAL lock_timeout = '2s'")
        for name in names { try await connection.run(script: "DROP TABLE \(PostgresConnection.quoted(name))") }
        let others = PostgresStatement(
            """
            DELETE FROM samples_other WHERE ctid IN (
                SELECT ctid FROM samples_other WHERE recorded_at < $1 LIMIT $2
            )
            """,
            end * Self.day,
            Int64(limit)
        )
        return names.count + (try await connection.execute(others).affectedRows)
    }

    /// `samples_20261121`.
    static func name(of day: Int64) -> String {
        let date = Timestamp(milliseconds: day * Self.day).rfc3339.prefix(10)
        return "samples_" + date.filter { $0 != "-" }
    }
}
