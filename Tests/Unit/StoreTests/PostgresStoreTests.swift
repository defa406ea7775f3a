import Analysis
import Postgres
import PostgresTestServer
import Store
import Testing

/// What only Postgres can do or suffer.
@Suite(
    .enabled(if: PostgresTestServer.missing == nil, Comment(rawValue: PostgresTestServer.missing ?? "")),
    .timeLimit(.minutes(5))
)
struct PostgresStoreTests {
    private func withStore(
        on server: PostgresTestServer? = nil,
        _ body: (PostgresStore, PostgresTestDatabase) async throws -> Void
    ) async throws {
        let server = if let server { server } else { try await PostgresTestServer.shared }
        let database = try await server.makeDatabase()
        let store = try await StoreKind.postgres(database)
        do { try await body(store, database) } catch {
            await store.close()
            throw error
        }
        await store.close()
    }

    private func backends(of database: PostgresTestDatabase, waitingFor event: String) async throws -> String {
        try await database.server.execute(
            """
            SELECT string_agg(pid::text, ',') FROM pg_stat_activity
            WHERE datname = '\(database.name)' AND wait_event_type = '\(event)'
            """,
            in: "postgres"
        )
    }

    /// Waits until a connection waits for a lock, and ends it.
    private func killTheOneThatWaits(on database: PostgresTestDatabase) async throws {
        var waiting = ""
        while waiting.isEmpty { waiting = try await self.backends(of: database, waitingFor: "Lock") }
        try await database.server.execute("SELECT pg_terminate_backend(\(waiting))", in: "postgres")
    }

    @Test func aConnectionThatBreaksInACommitLeavesNothing() async throws {
        try await self.withStore { store, database in
            try await store.commit(Fixture.change { $0.opened = [Fixture.session("a")] })
            let stored = try #require(try await store.session(id: "a"))
            // Holds the table, so that the commit stops half-way.
            async let blocker = database.execute("BEGIN; LOCK TABLE outbox; SELECT pg_sleep(60)")
            while try await self.backends(of: database, waitingFor: "Timeout").isEmpty {}
            async let committed = store.commit(
                Fixture.change {
                    $0.opened = [Fixture.session("b")]
                    $0.written = [stored]
                    $0.messages = [Fixture.message("1", key: "a")]
                }
            )
            try await self.killTheOneThatWaits(on: database)
            do {
                _ = try await committed
                Issue.record("It was committed.")
            } catch {
                #expect((error as? StoreError)?.code == .unknown)
            }
            try await database.server.execute(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = '\(database.name)' AND wait_event = 'PgSleep'
                """,
                in: "postgres"
            )
            _ = try? await blocker
            #expect(try await store.session(id: "b") == nil)
            #expect(try await store.session(id: "a")?.version == stored.version)
            #expect(try await store.outboxDepths().isEmpty)
        }
    }

    @Test func theStoreOutlivesItsServer() async throws {
        // Its own: the others' tests need theirs. What is committed outlives the server without fsync, too, and with it
        // a start after a crash waits for every file of the cluster to reach a disk that others keep busy.
        let server = try await PostgresTestServer.start()
        try await self.withStore(on: server) { store, _ in
            #expect(try await store.receive([Fixture.received("1")]) == [.accepted])
            try await server.stop(immediately: true)
            // The answer waits for the server; what was accepted before is still there.
            async let outcome = store.receive([Fixture.received("1"), Fixture.received("2")])
            try await server.start()
            // A connection that broke under the statement leaves its outcome open; asking again settles it.
            let outcomes: [InboxOutcome]
            do { outcomes = try await outcome } catch {
                outcomes = try await store.receive([Fixture.received("1"), Fixture.received("2")])
            }
            #expect(outcomes.first == .duplicate)
            #expect(try await store.waitingEvents().count == 2)
        }
    }

    @Test func samplesAreKeptByDay() async throws {
        try await self.withStore { store, database in
            let block = SampleBlock(
                session: "a",
                metric: 0,
                side: .control,
                first: Fixture.now,
                step: .seconds(1),
                values: [1]
            )
            for value in 0..<20 {
                var block = block
                block.values = [Double(value)]
                try await store.commit(Fixture.change { $0.samples = [block] })
            }
            #expect(try await store.samples(ofSession: "a").map { $0.values[0] } == (0..<20).map(Double.init))
            #expect(try await database.execute("SELECT count(*) FROM samples_other") == "0")
            let partitions = try await database.execute(
                "SELECT count(*) FROM pg_inherits WHERE inhparent = 'samples'::regclass"
            )
            #expect(Int(partitions) ?? 0 >= 4)
        }
    }

    /// Samples of a day without a partition are deleted too, little by little, and by the same rules.
    @Test func samplesOfADayWithoutAPartitionExpire() async throws {
        try await self.withStore { store, database in
            let day: Int64 = 86_400_000
            let today = try await store.time().milliseconds / day
            // No partition is made for the past.
            for (session, back) in [("a", 9), ("b", 9), ("c", 8), ("d", 3), ("e", 2)] as [(String, Int64)] {
                try await database.execute(
                    "INSERT INTO samples (session, recorded_at, blocks) VALUES ('\(session)', \((today - back) * day), '')"
                )
            }
            func left() async throws -> String {
                try await database.execute("SELECT string_agg(session, '' ORDER BY session) FROM samples_other")
            }
            func expire(daysAgo: Int64, limit: Int) async throws -> Int? {
                let time = Timestamp(milliseconds: (today - daysAgo) * day)
                return try await store.deleteExpired(RetentionCutoffs([.samples: time]), limit: limit)[.samples]
            }
            #expect(try await left() == "abcde")
            #expect(try await expire(daysAgo: 9, limit: 10) == 0)
            #expect(try await expire(daysAgo: 3, limit: 2) == 2)
            #expect(try await expire(daysAgo: 3, limit: 2) == 1)
            #expect(try await left() == "de")
            // A session that is not finished keeps the days since it was opened.
            try await store.commit(Fixture.change { $0.opened = [Fixture.session("running")] })
            try await database.execute("UPDATE sessions SET opened_at = \((today - 2) * day)")
            #expect(try await expire(daysAgo: 0, limit: 10) == 1)
            #expect(try await left() == "e")
            #expect(try await expire(daysAgo: 0, limit: 10) == 0)
        }
    }

    @Test func aDamagedSessionIsSaidToBeCorrupt() async throws {
        try await self.withStore { store, database in
            try await store.commit(Fixture.change { $0.opened = [Fixture.session("a")] })
            try await database.execute(#"UPDATE sessions SET state = '\x7b7d'"#)
            do throws(StoreError) {
                _ = try await store.session(id: "a")
                Issue.record("It was read.")
            } catch { #expect(error.code == .corrupt) }
        }
    }

    @Test func aServerThatOnlyReadsIsUnavailable() async throws {
        try await self.withStore { store, database in
            try await store.check()
            try await database.execute("ALTER DATABASE \(database.name) SET default_transaction_read_only = on")
            let configuration = try PostgresConfiguration(connectionString: database.connectionString)
            var limits = PostgresPoolLimits()
            limits.acquireTimeout = .milliseconds(300)
            await #expect(throws: StoreError.self) {
                _ = try await PostgresStore(configuration: configuration, limits: limits, logger: StoreKind.logger)
            }
        }
    }
}
