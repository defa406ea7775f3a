import Logging
import Postgres
import PostgresTestServer
import Synchronization
import Testing

extension PostgresServerTests {
    @Suite struct PoolTests {
        private static let sleep: PostgresStatement = "SELECT pg_sleep(60)"

        @Test func aKilledConnectionIsReplaced() async throws {
            try await withPool { pool, database in
                let error = try await postgresError {
                    try await pool.withConnection { connection in
                        async let sleeping = connection.execute(Self.sleep)
                        try await eventually { try await database.isSleeping() }
                        try await database.server.execute(
                            """
                            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                            WHERE datname = '\(database.name)' AND query LIKE '%pg_sleep(60)' AND pid <> pg_backend_pid()
                            """,
                            in: "postgres"
                        )
                        _ = try await sleeping
                    }
                }
                #expect(error.code == .connectionLost)
                #expect(error.sqlState == "57P01")
                let rows = try await pool.withConnection { try await $0.query("SELECT 1") }
                #expect(rows.count == 1)
            }
        }

        @Test func cancellingTheTaskCancelsTheStatement() async throws {
            try await withPool { _, limits in
                limits.maximumConnections = 1
            } _: { pool, database in
                let task = Task {
                    try await pool.withConnection { connection in
                        let backend = try await connection.queryFirst("SELECT pg_backend_pid()")
                        let error = try await postgresError { try await connection.execute(Self.sleep) }
                        return (try #require(backend).decode(0, as: Int32.self), error)
                    }
                }
                try await eventually { try await database.isSleeping() }
                task.cancel()
                let (backend, error) = try await task.value
                #expect(error.code == .cancelled)
                // The same connection goes on.
                let row = try await pool.withConnection { try await $0.queryFirst("SELECT pg_backend_pid()") }
                #expect(try row?.decode(0, as: Int32.self) == backend)
            }
        }

        @Test func aCancelledTransactionIsRolledBack() async throws {
            try await withPool { pool, database in
                try await pool.withConnection { try await $0.run(script: "CREATE TABLE t (id int)") }
                let task = Task {
                    try await pool.transaction { connection in
                        try await connection.execute("INSERT INTO t VALUES (1)")
                        try await connection.execute(Self.sleep)
                    }
                }
                try await eventually { try await database.isSleeping() }
                task.cancel()
                #expect(try await postgresError { try await task.value }.code == .cancelled)
                #expect(pool.statistics.idle == 1)
                let row = try await pool.withConnection { try await $0.queryFirst("SELECT count(*) FROM t") }
                #expect(try row?.decode(0, as: Int.self) == 0)
            }
        }

        /// Statements end in the very moment in which they are cancelled, again and again: the cancellation must never
        /// hit what comes after.
        @Test func lateCancellationsHitNothingElse() async throws {
            try await withPool { _, limits in
                limits.maximumConnections = 1
            } _: { pool, _ in
                for round in 0..<60 {
                    let task = Task {
                        try await pool.withConnection { try await $0.execute("SELECT pg_sleep(0.002)") }
                    }
                    try await Task.sleep(for: .microseconds(round * 60))
                    task.cancel()
                    _ = await task.result
                    let rows = try await pool.withConnection { try await $0.query("SELECT pg_sleep(0.001)") }
                    #expect(rows.count == 1)
                }
            }
        }

        @Test func aStatementThatTakesTooLongEnds() async throws {
            try await withPool { configuration, _ in
                configuration.statementTimeout = .milliseconds(50)
            } _: { pool, _ in
                try await pool.withConnection { connection in
                    let error = try await postgresError { try await connection.execute(Self.sleep) }
                    #expect(error.code == .timedOut)
                    #expect(try await connection.query("SELECT 1").count == 1)
                }
            }
        }

        @Test func aSilentServerIsGivenUp() async throws {
            let server = try await PostgresTestServer.start()
            try await withPool(on: server) { configuration, _ in
                configuration.statementTimeout = .milliseconds(100)
                configuration.silenceLimit = .milliseconds(300)
            } _: { pool, _ in
                let error = try await postgresError {
                    try await pool.withConnection { connection in
                        let row = try await connection.queryFirst("SELECT pg_backend_pid()")
                        let backend = try #require(row).decode(0, as: Int32.self)
                        try server.send(signal: .stop, to: backend)
                        defer { try? server.send(signal: .go, to: backend) }
                        try await connection.execute("SELECT 1")
                    }
                }
                #expect(error.code == .connectionLost)
                #expect(try await pool.withConnection { try await $0.query("SELECT 1") }.count == 1)
            }
        }

        @Test func limitsHold() async throws {
            try await withPool { _, limits in
                limits.maximumConnections = 1
                limits.maximumWaiting = 1
                limits.acquireTimeout = .seconds(1)
            } _: { pool, _ in
                // The connection is there before anything is measured by the time limit.
                try await eventually { (try? await pool.withConnection { _ in }) != nil }
                try await pool.withConnection { _ in
                    async let first = postgresError { try await pool.withConnection { _ in } }
                    try await eventually { pool.statistics.waiting == 1 }
                    let second = try await postgresError { try await pool.withConnection { _ in } }
                    #expect(second.code == .poolExhausted)
                    #expect(try await first.code == .poolTimedOut)
                }
                let waiting = Task { try await pool.withConnection { _ in } }
                try await waiting.value
            }
        }

        @Test func manyCallersShareFewConnections() async throws {
            try await withPool { _, limits in
                limits.maximumConnections = 3
                // How long 200 transactions take is the machine's business.
                limits.acquireTimeout = .seconds(120)
            } _: { pool, database in
                try await pool.withConnection { try await $0.run(script: "CREATE TABLE t (id bigserial, n int)") }
                try await withThrowingTaskGroup { group in
                    for number in 0..<200 {
                        group.addTask {
                            try await pool.transaction { connection in
                                try await connection.execute(
                                    PostgresStatement("INSERT INTO t (n) VALUES ($1)", Int32(number))
                                )
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                let row = try await pool.withConnection {
                    try await $0.queryFirst(
                        """
                        SELECT (SELECT count(DISTINCT n) FROM t),
                            (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())
                        """
                    )
                }
                let found = try #require(row)
                #expect(try found.decode(0, as: Int.self) == 200)
                #expect(try found.decode(1, as: Int.self) <= 3)
            }
        }

        @Test func thePoolOutlivesTheServer() async throws {
            let server = try await PostgresTestServer.start()
            try await withPool(on: server) { _, limits in
                limits.maximumPause = .milliseconds(200)
            } _: { pool, _ in
                try await pool.withConnection { try await $0.run(script: "CREATE TABLE t (id int)") }
                try await server.stop(immediately: true)
                // The pool notices by itself.
                try await eventually { pool.statistics.idle == 0 }
                let waiting = Task { try await pool.transaction { try await $0.execute("INSERT INTO t VALUES (1)") } }
                try await eventually { pool.statistics.failedAttempts >= 2 }
                try await server.start()
                #expect(try await waiting.value.affectedRows == 1)
            }
        }

        @Test func anUnreachableServerIsSaidToBeSo() async throws {
            try await withPool { configuration, limits in
                limits.acquireTimeout = .seconds(2)
                do {
                    configuration = try PostgresConfiguration(connectionString: "host=/nonexistent password=secret")
                } catch {
                    Issue.record(error)
                }
            } _: { pool, _ in
                let error = try await postgresError { try await pool.withConnection { _ in } }
                #expect(error.code == .unavailable)
                #expect(error.message.contains("/nonexistent"))
                #expect(!error.message.contains("secret"))
            }
        }

        @Test func aTransactionLeftOpenIsNotHandedOn() async throws {
            try await withPool { _, limits in
                limits.maximumConnections = 1
            } _: { pool, _ in
                try await pool.withConnection { try await $0.run(script: "BEGIN; CREATE TABLE t (id int)") }
                let row = try await pool.withConnection { try await $0.queryFirst("SELECT to_regclass('t')::text") }
                #expect(try row?.decode(0, as: String?.self) == nil)
            }
        }

        @Test func aConnectionThatWasKeptIsRefused() async throws {
            try await withPool { pool, _ in
                let kept = try await pool.withConnection { $0 }
                #expect(try await postgresError { try await kept.execute("SELECT 1") }.code == .closed)
            }
        }

        @Test func closingWaitsForWhatIsLent() async throws {
            try await withPool { pool, database in
                let task = Task {
                    try await pool.withConnection { try await $0.query("SELECT 1 FROM pg_sleep(0.3)").count }
                }
                try await eventually { pool.statistics.leased == 1 }
                await pool.close()
                #expect(try await task.value == 1)
                #expect(try await postgresError { try await pool.withConnection { _ in } }.code == .closed)
                // Dropping fails while a client is connected; the last process may take a moment to go.
                try await eventually {
                    (try? await database.server.execute("DROP DATABASE \(database.name)", in: "postgres")) != nil
                }
            }
        }
    }
}

extension PostgresTestDatabase {
    /// Whether a connection runs `pg_sleep(60)`.
    fileprivate func isSleeping() async throws -> Bool {
        try await self.server.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = '\(self.name)' AND wait_event = 'PgSleep'",
            in: "postgres"
        ) == "1"
    }
}
