import Foundation
import Logging
import Postgres
import PostgresTestServer
import Store
import StoredFixtures
import Testing

/// A database that version 0.1.0 left in the middle of its work.
enum OldDatabase: String, CaseIterable, CustomTestStringConvertible {
    case sqlite
    case postgres

    /// Those that can be tried here: Postgres needs the programs of its server.
    static var available: [OldDatabase] { allCases.filter { $0 != .postgres || PostgresTestServer.missing == nil } }

    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    var testDescription: String { rawValue }

    /// Opens it with the present version's store.
    func withStore(_ body: (any Store) async throws -> Void) async throws {
        switch self {
        case .sqlite:
            let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: directory) }
            let store = try SQLiteStore(path: try StoredFixtures.copyDatabase(to: directory).path)
            try await body(store)
            await store.close()
        case .postgres:
            let database = try await PostgresTestServer.shared.makeDatabase()
            try await database.run(file: StoredFixtures.url("store.sql"))
            let configuration = try PostgresConfiguration(connectionString: database.connectionString)
            _ = try await PostgresStore.migrate(configuration: configuration, logger: Self.logger)
            let store = try await PostgresStore(configuration: configuration, logger: Self.logger)
            try await body(store)
            await store.close()
        }
    }
}
