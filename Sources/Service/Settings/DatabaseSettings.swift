import HTTPTransport
package import Postgres

/// How Postgres is reached.
package enum DatabaseSettings {
    /// Nil when no database is named. Throws when the connection string is wrong, without showing it.
    package static func configuration(_ settings: Settings) throws -> PostgresConfiguration? {
        guard let url = try settings.secret(.databaseUrl) else { return nil }
        let text = url.value
        if let password = try settings.secret(.databasePassword) {
            return try PostgresConfiguration(connectionString: text, password: { password.value })
        }
        guard settings.text(.databaseUrlFile) != nil, try PostgresConfiguration.password(in: text) != nil else {
            return try PostgresConfiguration(connectionString: text)
        }
        // The rest of the file is read at the start only: a process does not move from one database to another.
        return try PostgresConfiguration(
            connectionString: text,
            password: { try PostgresConfiguration.password(in: url.value) ?? "" }
        )
    }
}
