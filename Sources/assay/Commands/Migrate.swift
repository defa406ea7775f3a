import ArgumentParser
import Logging
import Postgres
import Service
import Store

/// `assay migrate`: brings the tables of a Postgres database up to date.
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Brings the tables of a Postgres database up to date, before servers of this version are started.",
        usage: "assay migrate --database-url <url>",
        discussion: SettingsHelp.text(for: .migrate)
    )

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var settings: [String] = []

    func run() async throws {
        try await ExitReport.guarding {
            let settings = try SettingsLoader(.migrate, arguments: settings).load()
            guard let database = try DatabaseSettings.configuration(settings) else {
                throw SettingsError("database.url is required (--database-url or DATABASE_URL)")
            }
            let logger = Logger(label: "assay") { _ in SwiftLogNoOpLogHandler() }
            let done = try await PostgresStore.migrate(configuration: database, logger: logger)
            for line in done { print("applied \(line)") }
            if done.isEmpty { print("the tables of \(database.redacted) are up to date") }
        }
    }
}
