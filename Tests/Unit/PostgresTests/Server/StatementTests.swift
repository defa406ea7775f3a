import Postgres
import PostgresTestServer
import Testing

extension PostgresServerTests {
    @Suite struct StatementTests {
        @Test func typesComeBackFromTheServer() async throws {
            try await withPool { pool, _ in
                let row = try await pool.withConnection { connection in
                    try await connection.queryFirst(
                        PostgresStatement(
                            """
                            SELECT $1 AS b, $2 AS s, $3 AS i, $4 AS l, $5 AS d, $6 AS t, $7 AS y, $8 AS at, $9 AS j,
                                $10 AS n, $11::int4 + 1 AS more, count(*) AS rows FROM unnest($12, $13) AS pairs (a, b)
                            """,
                            true,
                            Int16.min,
                            Int32.max,
                            Int64.min,
                            Double.nan,
                            "ä\u{1F600}",
                            PostgresBytes([0, 255]),
                            PostgresTimestamp(microsecondsSinceUnixEpoch: 1_700_000_000_123_456),
                            PostgresJSON(#"{"a": [1]}"#.utf8),
                            String?.none,
                            Int32(1),
                            [Int64(1), 2],
                            ["a", nil]
                        )
                    )
                }
                let found = try #require(row)
                #expect(try found.decode("b", as: Bool.self))
                #expect(try found.decode("s", as: Int16.self) == .min)
                #expect(try found.decode("i", as: Int32.self) == .max)
                #expect(try found.decode("l", as: Int64.self) == .min)
                #expect(try found.decode("d", as: Double.self).isNaN)
                #expect(try found.decode("t", as: String.self) == "ä\u{1F600}")
                #expect(try found.decode("y", as: PostgresBytes.self) == PostgresBytes([0, 255]))
                #expect(
                    try found.decode("at", as: PostgresTimestamp.self).microsecondsSinceUnixEpoch
                        == 1_700_000_000_123_456
                )
                #expect(try found.decode("j", as: PostgresJSON.self) == PostgresJSON(#"{"a": [1]}"#.utf8))
                #expect(try found.decode("n", as: String?.self) == nil)
                #expect(try found.decode(10, as: Int.self) == 2)
                #expect(try found.decode("rows", as: Int.self) == 2)
                #expect(throws: PostgresError.self) { try found.decode("absent", as: Int.self) }
                #expect(throws: PostgresError.self) { try found.decode(99, as: Int.self) }
                #expect(throws: PostgresError.self) { try found.decode("n", as: String.self) }
                #expect(throws: PostgresError.self) { try found.decode("t", as: Int.self) }
            }
        }

        @Test func arraysComeBackFromTheServer() async throws {
            let numbers: [Double?] = [.infinity, nil, -.infinity, 0.1]
            let times = [PostgresTimestamp(microsecondsSinceUnixEpoch: -1)]
            try await withPool { pool, _ in
                let row = try await pool.withConnection { connection in
                    try await connection.queryFirst(
                        PostgresStatement(
                            "SELECT $1, $2, $3, $4, $5, $6, $7::text",
                            numbers,
                            times,
                            ["", "a\"b", "NULL"],
                            [Int64](),
                            [true, nil],
                            [PostgresBytes([0])],
                            [Int32(1), nil]
                        )
                    )
                }
                let found = try #require(row)
                #expect(try found.decode(0) == numbers)
                #expect(try found.decode(1) == times)
                #expect(try found.decode(2) == ["", "a\"b", "NULL"])
                #expect(try found.decode(3) == [Int64]())
                #expect(try found.decode(4) == [true, nil])
                #expect(try found.decode(5) == [PostgresBytes([0])])
            }
        }

        @Test func statementsArePreparedOnceAndDropped() async throws {
            try await withPool {
                configuration,
                limits in
                limits.maximumConnections = 1
                configuration.preparedStatements = 3
            } _: { pool, _ in
                func names() async throws -> [String] {
                    try await pool.withConnection { connection in
                        try await connection.query(
                            "SELECT name FROM pg_prepared_statements ORDER BY prepare_time, name"
                        )
                        .map { try $0.decode("name", as: String.self) }
                    }
                }
                let first = try await names()
                #expect(first.count == 1)
                #expect(try await names() == first)
                for value in 0..<10 {
                    try await pool.withConnection { connection in
                        try await connection.execute(PostgresStatement("SELECT \(value) + $1", Int64(1)))
                    }
                }
                #expect(try await names().count <= 4)
                #expect(try await names().count == 3)
            }
        }

        @Test func aStatementIsPreparedAgainWhenItsTableChanged() async throws {
            try await withPool { pool, _ in
                try await pool.withConnection { connection in
                    try await connection.run(script: "CREATE TABLE t (a int)")
                    try await connection.execute("SELECT * FROM t")
                    try await connection.run(script: "ALTER TABLE t ADD b int")
                }
                let columns = try await pool.transaction { connection in
                    try await connection.execute("INSERT INTO t VALUES (1, 2)")
                    return try await connection.queryFirst("SELECT * FROM t")?.columnNames
                }
                #expect(columns == ["a", "b"])
            }
        }

        @Test func errorsAreTyped() async throws {
            try await withPool { pool, _ in
                try await pool.withConnection { connection in
                    try await connection.run(
                        script: """
                            CREATE TABLE t (id text PRIMARY KEY, n int CONSTRAINT positive CHECK (n > 0));
                            INSERT INTO t VALUES ('secret', 1)
                            """
                    )
                    let unique = try await postgresError {
                        try await connection.execute(PostgresStatement("INSERT INTO t VALUES ($1, 1)", "secret"))
                    }
                    #expect(unique.code == .uniqueViolation)
                    #expect(unique.constraint == "t_pkey")
                    #expect(unique.table == "t")
                    #expect(unique.sqlState == "23505")
                    let check = try await postgresError {
                        try await connection.execute(PostgresStatement("INSERT INTO t VALUES ($1, -1)", "secret2"))
                    }
                    #expect(check.code == .constraintViolation)
                    #expect(check.constraint == "positive")
                    let cast = try await postgresError {
                        try await connection.execute(PostgresStatement("SELECT $1::text::int", "secret"))
                    }
                    #expect(cast.sqlState == "22P02")
                    let syntax = try await postgresError { try await connection.execute("SELEC 1") }
                    #expect(syntax.sqlState == "42601")
                    #expect(syntax.code == .statement)
                    for error in [unique, check, cast, syntax] {
                        #expect(!"\(error)\(String(reflecting: error))".contains("secret"))
                    }
                    let encoding = try await postgresError {
                        try await connection.execute(PostgresStatement("SELECT $1", "a\0"))
                    }
                    #expect(encoding.code == .encoding)
                    // The connection works after all of that.
                    #expect(try await connection.query("SELECT 1").count == 1)
                }
                #expect(pool.statistics.idle == 1)
            }
        }

        @Test func settingsHoldOnTheServer() async throws {
            try await withPool { configuration, _ in
                configuration.statementTimeout = .milliseconds(4321)
                configuration.applicationName = "assay-test"
            } _: { pool, _ in
                let row = try await pool.withConnection { connection in
                    try await connection.queryFirst(
                        """
                        SELECT current_setting('statement_timeout'), current_setting('TimeZone'),
                            current_setting('application_name'), current_setting('lock_timeout'),
                            current_setting('idle_in_transaction_session_timeout')
                        """
                    )
                }
                let found = try #require(row)
                let settings = try (0..<5).map { try found.decode($0, as: String.self) }
                #expect(settings == ["4321ms", "UTC", "assay-test", "10s", "1min"])
            }
        }

        @Test func aPipelineIsOneTransaction() async throws {
            try await withPool { pool, _ in
                try await pool.withConnection { connection in
                    try await connection.run(script: "CREATE TABLE t (id int PRIMARY KEY)")
                    let insert = { (id: Int32) in PostgresStatement("INSERT INTO t VALUES ($1) RETURNING id * 2", id) }
                    let results = try await connection.pipeline([insert(1), insert(2), "SELECT count(*) FROM t"])
                    #expect(try results.map { try $0.rows[0].decode(0, as: Int.self) } == [2, 4, 2])
                    #expect(results.map(\.affectedRows) == [1, 1, 1])
                    let error = try await postgresError {
                        try await connection.pipeline([insert(3), "SELECT 1 AS new", insert(1), insert(4), "SELECT 7"])
                    }
                    #expect(error.code == .uniqueViolation)
                    #expect(error.statementIndex == 2)
                    // Nothing of it happened, and statements that were not reached can be used.
                    let count = try await connection.pipeline(["SELECT 7", "SELECT 1 AS new", "SELECT count(*) FROM t"])
                    #expect(try count[2].rows[0].decode(0, as: Int.self) == 2)
                    #expect(try await connection.pipeline([]).isEmpty)
                }
            }
        }

        @Test func aLargePipelineDoesNotBlockItself() async throws {
            let text = String(repeating: "x", count: 4000)
            try await withPool { pool, _ in
                let results = try await pool.withConnection { connection in
                    try await connection.pipeline(
                        (0..<2000).map { PostgresStatement("SELECT $1, $2", Int64($0), text) }
                    )
                }
                #expect(try results.last?.rows[0].decode(0, as: Int.self) == 1999)
                #expect(results.count == 2000)
            }
        }
    }
}
