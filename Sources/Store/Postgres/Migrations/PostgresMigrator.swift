import Postgres

/// Brings the tables of a database up to date, and says whether they are.
struct PostgresMigrator: Sendable {
    /// Chosen once: holds off a second migration of the same database.
    private static let lock: Int64 = 0x6173_7361_79

    let pool: PostgresPool

    private struct Applied {
        var version: Int
        var checksum: String
        var oldestServer: Int
    }

    /// Applies what has not been applied yet, each migration in a transaction of its own. Returns what was applied, as
    /// `version name`.
    func migrate() async throws -> [String] {
        try await pool.withConnection { connection in
            try await connection.run(
                script: """
                    SET lock_timeout = '60s';
                    BEGIN;
                    SELECT pg_advisory_xact_lock(\(Self.lock));
                    CREATE TABLE IF NOT EXISTS schema_migrations (
                        version int PRIMARY KEY,
                        name text NOT NULL,
                        checksum text NOT NULL,
                        oldest_server int NOT NULL,
                        applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
                    );
                    COMMIT;
                    """
            )
            var done: [String] = []
            for migration in Migration.all {
                let isNew = try await connection.transaction { connection in
                    try await apply(migration, on: connection)
                }
                if isNew { done.append("\(migration.version) \(migration.name)") }
            }
            // The connection goes back to the pool.
            try await connection.run(script: "RESET lock_timeout")
            return done
        }
    }

    /// False when it has been applied before.
    private func apply(_ migration: Migration, on connection: PostgresConnection) async throws -> Bool {
        try await connection.execute(PostgresStatement("SELECT pg_advisory_xact_lock($1)", Self.lock))
        let applied = try await Self.applied(on: connection)
        if let known = applied.first(where: { $0.version == migration.version }) {
            try Self.check(known, against: migration)
            return false
        }
        try await connection.run(script: migration.script)
        try await connection.execute(
            PostgresStatement(
                "INSERT INTO schema_migrations (version, name, checksum, oldest_server) VALUES ($1, $2, $3, $4)",
                Int32(migration.version),
                migration.name,
                migration.checksum,
                Int32(migration.oldestServer)
            )
        )
        return true
    }

    /// Throws `.schema` unless this server can work with the tables as they are.
    func verify() async throws {
        let applied = try await pool.withConnection { connection in
            let known = try await connection.queryFirst("SELECT to_regclass('schema_migrations') IS NOT NULL")
            return try known?.decode(0, as: Bool.self) == true ? try await Self.applied(on: connection) : []
        }
        let newest = Migration.newest.version
        guard let last = applied.last, last.version >= newest else {
            throw StoreError(
                .schema,
                "the database has version \(applied.last?.version ?? 0) of the tables, this server needs \(newest):"
                    + " run `assay migrate` first"
            )
        }
        guard last.oldestServer <= newest else {
            throw StoreError(
                .schema,
                "the database has version \(last.version) of the tables, which works with servers made for version"
                    + " \(last.oldestServer) or newer; this one was made for \(newest)"
            )
        }
        for migration in Migration.all {
            guard let known = applied.first(where: { $0.version == migration.version }) else { continue }
            try Self.check(known, against: migration)
        }
    }

    private static func applied(on connection: PostgresConnection) async throws -> [Applied] {
        try await connection.query("SELECT version, checksum, oldest_server FROM schema_migrations ORDER BY version")
            .map { row in
                Applied(
                    version: Int(try row.decode(0, as: Int32.self)),
                    checksum: try row.decode(1),
                    oldestServer: Int(try row.decode(2, as: Int32.self))
                )
            }
    }

    private static func check(_ applied: Applied, against migration: Migration) throws {
        guard applied.checksum == migration.checksum else {
            throw StoreError(
                .schema,
                "migration \(migration.version) of the database is not the one that this server knows"
            )
        }
    }
}
