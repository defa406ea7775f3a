import Foundation
import Logging
import Postgres
import PostgresTestServer
import Store
import Testing

/// The stores that replicas share.
enum EngineStore: String, CaseIterable, CustomTestStringConvertible {
    case sqlite
    case postgres

    /// Those that can be tried here: Postgres needs the programs of its server.
    static var available: [EngineStore] { allCases.filter { $0 != .postgres || PostgresTestServer.missing == nil } }

    var testDescription: String { rawValue }

    /// An empty database with two replicas: with Postgres each has connections of its own.
    func withReplicas(_ body: (any Store, any Store) async throws -> Void) async throws {
        switch self {
        case .sqlite:
            try await withDirectory { directory in
                let store = try SQLiteStore(path: directory.appending(path: "store.db").path)
                try await body(store, store)
                await store.close()
            }
        case .postgres:
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let database = try await PostgresTestServer.shared.makeDatabase()
            let configuration = try PostgresConfiguration(connectionString: database.connectionString)
            _ = try await PostgresStore.migrate(configuration: configuration, logger: logger)
            let one = try await PostgresStore(configuration: configuration, logger: logger)
            let other = try await PostgresStore(configuration: configuration, logger: logger)
            try await body(one, other)
            await one.close()
            await other.close()
        }
    }
}
