import Logging
import Postgres
import PostgresTestServer
import Testing

/// Against a real server.
@Suite(
    .enabled(if: PostgresTestServer.missing == nil, Comment(rawValue: PostgresTestServer.missing ?? "")),
    .timeLimit(.minutes(5))
)
struct PostgresServerTests {}

/// A pool on a database of its own, closed at the end.
func withPool<Value: Sendable>(
    on server: PostgresTestServer? = nil,
    user: String? = nil,
    configure: (inout PostgresConfiguration, inout PostgresPoolLimits) -> Void = { _, _ in },
    _ body: (PostgresPool, PostgresTestDatabase) async throws -> Value
) async throws -> Value {
    let server = if let server { server } else { try await PostgresTestServer.shared }
    let database = try await server.makeDatabase()
    var configuration = try PostgresConfiguration(
        connectionString: user.map { database.connectionString(user: $0) } ?? database.connectionString
    )
    var limits = PostgresPoolLimits()
    configure(&configuration, &limits)
    let pool = PostgresPool(configuration: configuration, limits: limits, logger: Logger(label: "test"))
    do {
        let value = try await body(pool, database)
        await pool.close()
        return value
    } catch {
        await pool.close()
        throw error
    }
}

/// The error that `body` throws, which must be one of Postgres.
func postgresError(_ body: () async throws -> Void) async throws -> PostgresError {
    do { try await body() } catch let error as PostgresError { return error }
    throw Missing()
}

struct Missing: Error {}

/// Asks until the answer is yes. The test's time limit ends it.
func eventually(_ condition: () async throws -> Bool) async throws {
    while try await !condition() { try await Task.sleep(for: .milliseconds(5)) }
}
