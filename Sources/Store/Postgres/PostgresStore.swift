package import Analysis
package import Logging
package import Postgres
import Synchronization

/// The store of several replicas: tables in one Postgres database.
package final class PostgresStore: Store {
    /// Of a transaction that another was in the way of.
    private static let retries = 5

    let pool: PostgresPool
    let logger: Logger
    /// Attempts to make partitions that failed.
    let failedPartitions = Atomic(0)
    /// The day on which partitions were made last.
    let partitionDay = Mutex<Int64>(0)
    /// Where turns go on that are shared out.
    let turnPlace = Mutex(TurnPlace())
    let inboxPlace = Mutex(TurnPlace())

    /// Verifies that the tables are of a version that this server can work with: throws `.schema` otherwise, and
    /// `.unavailable` when the database cannot be reached.
    package init(
        configuration: PostgresConfiguration,
        limits: PostgresPoolLimits = PostgresPoolLimits(),
        logger: Logger
    ) async throws(StoreError) {
        pool = PostgresPool(configuration: configuration, limits: limits, logger: logger)
        self.logger = logger
        do {
            try await PostgresMigrator(pool: pool).verify()
            try await SamplePartitions(pool: pool).makeAhead()
            try await Self.retrySetAside(on: pool)
        } catch {
            await pool.close()
            throw StoreError(reading: error)
        }
    }

    /// Brings the tables up to date. Returns what was done, a line each; empty when nothing had to be.
    package static func migrate(
        configuration: PostgresConfiguration,
        logger: Logger
    ) async throws(StoreError) -> [String] {
        var limits = PostgresPoolLimits()
        limits.maximumConnections = 1
        let pool = PostgresPool(configuration: configuration, limits: limits, logger: logger)
        do {
            let done = try await PostgresMigrator(pool: pool).migrate()
            await pool.close()
            return done
        } catch {
            await pool.close()
            throw StoreError(reading: error)
        }
    }

    package var connections: PostgresPoolStatistics { pool.statistics }

    /// Attempts to make the partitions of samples that failed, since the start.
    package var partitionFailures: Int { failedPartitions.load(ordering: .relaxed) }

    package func time() async throws(StoreError) -> Timestamp {
        try await read { connection in try await connection.time() }
    }

    /// Of the whole database: what else is in it counts too, and rows that were deleted until vacuum has been there.
    package func size() async throws(StoreError) -> Int64 {
        try await read { connection in
            let row = try await connection.queryFirst("SELECT pg_database_size(current_database())")
            return try row?.decode(0) ?? 0
        }
    }

    package func check() async throws(StoreError) {
        try await write { connection in
            // Locks a row as a write does; a server that only reads refuses.
            try await connection.execute("SELECT version FROM schema_migrations LIMIT 1 FOR UPDATE")
        }
    }

    package func close() async {
        await pool.close()
    }

    /// For statements that change nothing.
    func read<Value: Sendable>(
        _ body: @Sendable (PostgresConnection) async throws -> Value
    ) async throws(StoreError) -> Value {
        do { return try await pool.withConnection(retries: Self.retries, body) } catch {
            throw StoreError(reading: error)
        }
    }

    /// For one statement, or one pipeline: a transaction of its own, run again when another was in its way.
    @discardableResult
    func write<Value: Sendable>(
        _ body: @Sendable (PostgresConnection) async throws -> Value
    ) async throws(StoreError) -> Value {
        do { return try await pool.withConnection(retries: Self.retries, body) } catch {
            throw StoreError(writing: error)
        }
    }

    /// For several round trips in one transaction. `body` may be run again.
    func transaction<Value: Sendable>(
        _ body: @Sendable (PostgresConnection) async throws -> Value
    ) async throws(StoreError) -> Value {
        do { return try await pool.transaction(.init(), body) } catch { throw StoreError(reading: error) }
    }
}

extension PostgresConnection {
    /// The server's time, also within a transaction.
    func time() async throws -> Timestamp {
        let row = try await queryFirst("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")
        return Timestamp(milliseconds: try row?.decode(0) ?? 0)
    }
}
