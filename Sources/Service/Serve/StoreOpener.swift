import Concurrency
import Engine
package import Logging
import Postgres
package import Store

/// Opens the store that the settings name.
package struct StoreOpener {
    package let settings: ServeSettings
    package let logger: Logger

    /// A database that cannot be reached is waited for; whatever else is wrong with a store is thrown.
    package func open() async throws -> any Store & CanaryRecords {
        guard let database = settings.database else {
            return try SQLiteStore(path: settings.storePath, takesOver: settings.roles.contains(.engine))
        }
        var limits = PostgresPoolLimits()
        limits.maximumConnections = settings.databaseConnections
        var attempts = 0
        while true {
            do throws(StoreError) {
                return try await PostgresStore(configuration: database, limits: limits, logger: logger)
            } catch {
                guard error.code == .unavailable else { throw error }
                attempts += 1
                logger.warning(
                    "the database cannot be reached; trying again",
                    metadata: ["database": "\(database.redacted)", "error": "\(error)"]
                )
                try await Task.sleep(for: Backoff(limit: .seconds(10)).pause(after: attempts))
            }
        }
    }
}
