import Postgres
import PostgresTestServer
import Synchronization
import Testing

extension PostgresServerTests {
    @Suite struct TransactionTests {
        private struct Refused: Error {}

        @Test func whatIsThrownRollsBack() async throws {
            try await withPool { pool, _ in
                try await pool.withConnection { try await $0.run(script: "CREATE TABLE t (id int)") }
                await #expect(throws: Refused.self) {
                    try await pool.transaction { connection in
                        try await connection.execute("INSERT INTO t VALUES (1)")
                        throw Refused()
                    }
                }
                try await pool.transaction { try await $0.execute("INSERT INTO t VALUES (2)") }
                let ids = try await pool.transaction(.readOnly) { connection in
                    try await connection.query("SELECT id FROM t").map { try $0.decode(0, as: Int.self) }
                }
                #expect(ids == [2])
                #expect(pool.statistics.idle == 1)
                let error = try await postgresError {
                    _ = try await pool.transaction(.readOnly) { try await $0.execute("INSERT INTO t VALUES (3)") }
                }
                #expect(error.code == .readOnly)
            }
        }

        @Test func anIgnoredErrorDoesNotCommit() async throws {
            try await withPool { pool, _ in
                let error = try await postgresError {
                    try await pool.transaction { connection in
                        _ = try? await connection.execute("SELECT 1 / 0")
                    }
                }
                #expect(error.code == .rolledBack)
            }
        }

        /// Both have read before either writes: without a retry one of two would be lost or refused.
        @Test func serializationFailuresAreRetried() async throws {
            try await withPool { pool, _ in
                try await pool.withConnection {
                    try await $0.run(script: "CREATE TABLE t (n int); INSERT INTO t VALUES (0)")
                }
                let attempts = Counter()
                let meeting = Meeting()
                try await withThrowingTaskGroup { group in
                    for _ in 0..<2 {
                        group.addTask {
                            for _ in 0..<5 {
                                try await pool.transaction(.init(isolation: .serializable, retries: 100)) {
                                    connection in
                                    attempts.increment()
                                    let row = try await connection.queryFirst("SELECT n FROM t")
                                    let n = try #require(row).decode(0, as: Int32.self)
                                    await meeting.arrive()
                                    try await connection.execute(PostgresStatement("UPDATE t SET n = $1", n + 1))
                                }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                let row = try await pool.withConnection { try await $0.queryFirst("SELECT n FROM t") }
                #expect(try row?.decode(0, as: Int.self) == 10)
                #expect(attempts.count > 10)
            }
        }

        @Test func deadlocksAreRetried() async throws {
            try await withPool { pool, _ in
                try await pool.withConnection {
                    try await $0.run(
                        script: "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 0), (2, 0)"
                    )
                }
                let meeting = Meeting()
                try await withThrowingTaskGroup { group in
                    for order in [[1, 2], [2, 1]] as [[Int32]] {
                        group.addTask {
                            try await pool.transaction { connection in
                                let update = "UPDATE t SET n = n + 1 WHERE id = $1"
                                try await connection.execute(PostgresStatement(update, order[0]))
                                await meeting.arrive()
                                try await connection.execute(PostgresStatement(update, order[1]))
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                let row = try await pool.withConnection { try await $0.queryFirst("SELECT sum(n) FROM t") }
                #expect(try row?.decode(0, as: Int.self) == 4)
            }
        }

        @Test func retriesAreBounded() async throws {
            try await withPool { pool, _ in
                let attempts = Counter()
                let error = try await postgresError {
                    try await pool.transaction(.init(retries: 2, pause: .milliseconds(1))) { connection in
                        attempts.increment()
                        try await connection.execute(
                            "DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END $$"
                        )
                    }
                }
                #expect(error.code == .serializationFailure)
                #expect(attempts.count == 3)
            }
        }

        @Test func aConnectionLostInCommitIsItsOwnError() async throws {
            try await withPool { pool, _ in
                try await pool.withConnection {
                    // Committing ends the connection: a deferred trigger runs within COMMIT.
                    try await $0.run(
                        script: """
                            CREATE TABLE t (id int);
                            CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
                            $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); RETURN NULL; END $$;
                            CREATE CONSTRAINT TRIGGER die AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED
                            FOR EACH ROW EXECUTE FUNCTION die();
                            """
                    )
                }
                let error = try await postgresError {
                    _ = try await pool.transaction { try await $0.execute("INSERT INTO t VALUES (1)") }
                }
                #expect(error.code == .commitOutcomeUnknown)
                #expect(error.sqlState == "57P01")
                let row = try await pool.withConnection { try await $0.queryFirst("SELECT count(*) FROM t") }
                #expect(try row?.decode(0, as: Int.self) == 0)
            }
        }
    }
}

/// The first two who arrive wait for each other; those who come later do not wait.
private actor Meeting {
    private var arrived = 0
    private var waiting: CheckedContinuation<Void, Never>?

    func arrive() async {
        self.arrived += 1
        switch self.arrived {
        case 1: await withCheckedContinuation { self.waiting = $0 }
        default:
            self.waiting?.resume()
            self.waiting = nil
        }
    }
}

private final class Counter: Sendable {
    private let number = Atomic(0)

    var count: Int { self.number.load(ordering: .relaxed) }

    func increment() {
        self.number.add(1, ordering: .relaxed)
    }
}
