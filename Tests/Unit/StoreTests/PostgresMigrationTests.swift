import Postgres
import PostgresTestServer
import Store
import Testing

@Suite(
    .enabled(if: PostgresTestServer.missing == nil, Comment(rawValue: PostgresTestServer.missing ?? "")),
    .timeLimit(.minutes(5))
)
struct PostgresMigrationTests {
    private func configuration(_ database: PostgresTestDatabase) throws -> PostgresConfiguration {
        try PostgresConfiguration(connectionString: database.connectionString)
    }

    private func openError(_ database: PostgresTestDatabase) async throws -> StoreError? {
        do {
            let store = try await PostgresStore(configuration: self.configuration(database), logger: StoreKind.logger)
            await store.close()
            return nil
        } catch let error as StoreError { return error }
    }

    private func makeDatabase(isMigrated: Bool) async throws -> PostgresTestDatabase {
        let database = try await PostgresTestServer.shared.makeDatabase()
        if isMigrated {
            _ = try await PostgresStore.migrate(
                configuration: self.configuration(database),
                logger: StoreKind.logger
            )
        }
        return database
    }

    @Test func aDatabaseThatWasNotMigratedIsRefused() async throws {
        let error = try await self.openError(self.makeDatabase(isMigrated: false))
        #expect(error?.code == .schema)
        #expect(error?.message.contains("assay migrate") == true)
    }

    @Test func severalAtATimeMigrateOnce() async throws {
        let database = try await self.makeDatabase(isMigrated: false)
        let configuration = try self.configuration(database)
        let done = try await withThrowingTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    try await PostgresStore.migrate(configuration: configuration, logger: StoreKind.logger)
                }
            }
            return try await group.reduce(into: [String]()) { $0 += $1 }
        }
        #expect(Set(done).count == done.count)
        #expect(!done.isEmpty)
        #expect(try await self.openError(database) == nil)
        #expect(try await PostgresStore.migrate(configuration: configuration, logger: StoreKind.logger).isEmpty)
    }

    /// Builds before the release kept actions without saying whose they were.
    @Test func actionsThatAreKeptGetTheirSource() async throws {
        let database = try await self.makeDatabase(isMigrated: true)
        let configuration = try self.configuration(database)
        var store = try await PostgresStore(configuration: configuration, logger: StoreKind.logger)
        try await store.commit(Fixture.change { $0.opened = [Fixture.session("s1")] })
        await store.close()
        let event = #"{"source":"/assay/rollout/g","data":{"outcome":"done"}}"#
        for statement in [
            "DROP TABLE dropped_actions", "ALTER TABLE rollout_actions DROP COLUMN source, DROP COLUMN outcome",
            "ALTER TABLE rollout_actions ADD UNIQUE (id, at)",
            "DELETE FROM schema_migrations WHERE name = 'whose rollout actions'",
            "INSERT INTO rollout_actions (session, id, at, event) VALUES ('s1', 'a', 1, convert_to('\(event)', 'UTF8'))",
        ] { try await database.execute(statement) }
        _ = try await PostgresStore.migrate(configuration: configuration, logger: StoreKind.logger)
        store = try await PostgresStore(configuration: configuration, logger: StoreKind.logger)
        let kept = try await store.actions(ofSession: "s1").actions
        #expect(kept.map(\.source) == ["/assay/rollout/g"] && kept.map(\.outcome) == ["done"])
        var other = try #require(kept.first)
        #expect(try await store.add(other) == .duplicate)
        other.source = "/assay/rollout/other"
        #expect(try await store.add(other) == .stored)
        await store.close()
    }

    @Test func aChangedMigrationIsRefused() async throws {
        let database = try await self.makeDatabase(isMigrated: true)
        try await database.execute("UPDATE schema_migrations SET checksum = 'other' WHERE version = 1")
        #expect(try await self.openError(database)?.code == .schema)
        await #expect(throws: StoreError.self) {
            try await PostgresStore.migrate(configuration: self.configuration(database), logger: StoreKind.logger)
        }
    }

    @Test func aNewerDatabaseSaysWhichServersItTakes() async throws {
        let database = try await self.makeDatabase(isMigrated: true)
        try await database.execute(
            "INSERT INTO schema_migrations (version, name, checksum, oldest_server) VALUES (1000, 'later', 'x', 1)"
        )
        #expect(try await self.openError(database) == nil)
        try await database.execute("UPDATE schema_migrations SET oldest_server = 1000 WHERE version = 1000")
        let error = try await self.openError(database)
        #expect(error?.code == .schema)
        #expect(error?.message.contains("1000") == true)
    }
}
