import Analysis
import Foundation
import Logging
import Postgres
import PostgresTestServer
import Simulation
import Store
import Testing

/// The stores that must behave alike.
enum StoreKind: String, CaseIterable {
    case sqlite
    case postgres
    /// The one that simulations run on.
    case memory

    /// Those that can be tried here: Postgres needs the programs of its server. `StoreKindTests` says when it is missing.
    static var available: [StoreKind] {
        allCases.filter { $0 != .postgres || PostgresTestServer.missing == nil }
    }

    /// An empty store that is removed after the body.
    func withStore(_ body: (any Store) async throws -> Void) async throws {
        switch self {
        case .sqlite:
            let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
            defer { try? FileManager.default.removeItem(at: directory) }
            let store = try SQLiteStore(path: directory.appending(path: "store.db").path)
            try await body(store)
            await store.close()
        case .postgres:
            let database = try await PostgresTestServer.shared.makeDatabase()
            let store = try await Self.postgres(database)
            try await body(store)
            await store.close()
        case .memory:
            try await body(MemoryStore { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) })
        }
    }

    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// A migrated store in a database of a test server.
    static func postgres(_ database: PostgresTestDatabase) async throws -> PostgresStore {
        let configuration = try PostgresConfiguration(connectionString: database.connectionString)
        _ = try await PostgresStore.migrate(configuration: configuration, logger: logger)
        return try await PostgresStore(configuration: configuration, logger: logger)
    }
}

/// Says in the report of the tests which stores the other suites have tried.
@Suite struct StoreKindTests {
    @Test(.enabled(if: PostgresTestServer.missing == nil, Comment(rawValue: PostgresTestServer.missing ?? "")))
    func whatEveryStoreMustDoIsTriedWithPostgresToo() {
        #expect(StoreKind.available == StoreKind.allCases)
    }
}
