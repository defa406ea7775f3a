import ArgumentParser
import Service

/// `assay releases`: what the service knows about releases.
struct ReleasesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "releases",
        abstract: "Mends what the service knows about releases.",
        subcommands: [ReleasesResetCommand.self]
    )
}

/// `assay releases reset`: forgets which releases of an application came in when.
struct ReleasesResetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Forgets which releases of an application came in when: the next one is the newest.",
        discussion: """
            For releases that are taken for older than what was deployed, because a clock was wrong. Analyses, verdicts and
            events stay. The service keeps who asked for it, when and why (`GET /v1/releases/resets`).

            Exit code 0: it is forgotten. 3: it is not; one sentence says why.

            \(SettingsHelp.text(for: .pipeline))
            """
    )

    @Argument(help: "The application.")
    var application: String

    @Option(help: "The environment; all without it.")
    var environment: String?

    @Option(help: "Why, for those who read it later.")
    var reason: String?

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var settings: [String] = []

    func run() async throws {
        try await ExitReport.guarding {
            let settings = try SettingsLoader(.pipeline, arguments: settings).load()
            guard let client = try ServiceClient(settings) else {
                throw SettingsError("assay.url is required (--assay-url or ASSAY_URL)")
            }
            let count = try await client.resetReleases(of: application, environment: environment, reason: reason)
            print("forgotten: releases of \(application) in \(count) environment\(count == 1 ? "" : "s")")
        }
    }
}
