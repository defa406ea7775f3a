import ArgumentParser
import Service

/// `assay rollout`: the rollout controller.
struct RolloutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollout",
        abstract: "Runs the rollout controller: reads verdicts, promotes or aborts releases.",
        usage: "assay rollout [--config <file>] [<setting> ...]",
        discussion: SettingsHelp.text(for: .rollout)
    )

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var settings: [String] = []

    func run() async throws {
        try await ExitReport.guarding {
            let settings = try SettingsLoader(.rollout, arguments: settings).load()
            try await RolloutProcess(settings).run()
        }
    }
}
