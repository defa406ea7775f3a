import Logging
import Postgres
import Store

/// Brings the tables of a Postgres database up to date.
package enum DatabaseMigration {
    /// A line for each migration that was applied, or one that says that there was none.
    package static func run(_ settings: Settings) async throws -> [String] {
        guard let database = try DatabaseSettings.configuration(settings) else {
            throw SettingsError("database.url is required (--database-url or DATABASE_URL)")
        }
        let logger = Logger(label: "assay") { _ in SwiftLogNoOpLogHandler() }
        let done = try await PostgresStore.migrate(configuration: database, logger: logger)
        guard !done.isEmpty else { return ["the tables of \(database.redacted) are up to date"] }
        return done.map { "applied \($0)" }
    }
}
