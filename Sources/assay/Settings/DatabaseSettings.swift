import HTTPTransport
import Postgres

/// How Postgres is reached.
enum DatabaseSettings {
    /// Nil when no database is named. Throws when the connection string is wrong, without showing it.
    static func configuration(_ settings: Settings) throws -> PostgresConfiguration? {
        guard let url = try settings.secret("database.url") else { return nil }
        let text = try url.value
        guard let password = try settings.secret("database.password") else {
            return try PostgresConfiguration(connectionString: text)
        }
        return try PostgresConfiguration(connectionString: text, password: { try password.value })
    }
}
