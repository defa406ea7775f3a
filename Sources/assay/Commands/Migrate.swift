import ArgumentParser
import Service

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
            StandardError.warn(Exposures(settings, for: .migrate))
            for line in try await DatabaseMigration.run(settings) { print(line) }
        }
    }
}
