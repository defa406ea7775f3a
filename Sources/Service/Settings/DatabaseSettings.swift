import HTTPTransport
package import Postgres

/// How Postgres is reached.
package enum DatabaseSettings {
    /// Nil when no database is named. Throws when the connection string is wrong, without showing it, and when the server
    /// has to prove itself and does not.
    package static func configuration(_ settings: Settings) throws -> PostgresConfiguration? {
        guard let configuration = try named(settings) else { return nil }
        if try settings.flag(.databaseRequireTls), let sentence = exposure(configuration) {
            throw SettingsError("database.url: \(sentence); database.requireTls does not allow that")
        }
        return configuration
    }

    /// What others can read and change on the way to the server; nil when nothing.
    static func exposure(_ settings: Settings) throws -> String? { try named(settings).flatMap(exposure) }

    private static func exposure(_ configuration: PostgresConfiguration) -> String? {
        let servers = configuration.unprovenServers
        guard !servers.isEmpty else { return nil }
        return
            "\(configuration.transportSecurity) does not prove who answers as \(servers.joined(separator: ", ")): a machine"
            + " on the way can read the password and change verdicts; say sslmode=verify-full"
    }

    private static func named(_ settings: Settings) throws -> PostgresConfiguration? {
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
