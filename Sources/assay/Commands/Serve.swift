import ArgumentParser
import Service

/// `assay serve`: the service.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the service: takes deploy events in, analyses them, publishes verdicts.",
        usage: "assay serve [--config <file>] [<setting> ...]",
        discussion: SettingsHelp.text(for: .serve)
    )

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var settings: [String] = []

    func run() async throws {
        try await ExitReport.guarding {
            try ProcessLimits.check()
            let settings = try SettingsLoader(.serve, arguments: settings).load()
            try await ServeProcess(settings).run()
        }
    }
}
