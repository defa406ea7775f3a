import Foundation
import Postgres
import PostgresTestServer
import Testing

extension PostgresServerTests {
    @Suite struct PasswordTests {
        private func makeUser(_ database: PostgresTestDatabase, _ name: String) async throws {
            try await database.execute(
                """
                DO $$ BEGIN CREATE ROLE scram; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
                CREATE ROLE \(name) LOGIN PASSWORD 'right one' IN ROLE scram
                """
            )
        }

        private func whoAmI(_ pool: PostgresPool) async throws -> String {
            let row = try await pool.withConnection { try await $0.queryFirst("SELECT current_user::text") }
            return try #require(row).decode(0)
        }

        @Test func thePasswordComesSeparately() async throws {
            try await withPool(user: "separate") { configuration, _ in
                configuration.password = { "right one" }
            } _: { pool, database in
                try await self.makeUser(database, "separate")
                #expect(try await self.whoAmI(pool) == "separate")
            }
        }

        @Test func aWrongPasswordIsTyped() async throws {
            try await withPool(user: "wrong") { configuration, limits in
                configuration.password = { "wrong one" }
                limits.acquireTimeout = .seconds(2)
            } _: { pool, database in
                try await self.makeUser(database, "wrong")
                let error = try await postgresError { _ = try await self.whoAmI(pool) }
                #expect(error.code == .authentication)
                #expect(!error.message.contains("wrong one"))
            }
        }

        @Test func aPassFileIsLibpqsAffair() async throws {
            let file = FileManager.default.temporaryDirectory.appendingPathComponent("assay-\(UUID()).pgpass")
            defer { try? FileManager.default.removeItem(at: file) }
            #expect(
                FileManager.default.createFile(
                    atPath: file.path,
                    contents: Data("*:*:*:passfile:right one\n".utf8),
                    attributes: [.posixPermissions: 0o600]
                )
            )
            try await withPool(user: "passfile passfile=\(file.path)") { pool, database in
                try await self.makeUser(database, "passfile")
                #expect(try await self.whoAmI(pool) == "passfile")
            }
        }
    }
}
