import ArgumentParser
import Service

/// `assay rollout`: the rollout controller, and what can be asked of it.
struct RolloutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollout",
        abstract: "Runs the rollout controller: reads verdicts, promotes or aborts releases.",
        usage: """
            assay rollout [--config <file>] [<setting> ...]
            assay rollout retry --session <session> [--failed-at <time>] [<setting> ...]
            """,
        discussion: SettingsHelp.text(for: .rollout),
        subcommands: [RolloutRunCommand.self, RolloutRetryCommand.self],
        defaultSubcommand: RolloutRunCommand.self
    )
}

/// What `assay rollout` does without a further word.
struct RolloutRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs the controller: what `assay rollout` does by itself.",
        shouldDisplay: false
    )

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var settings: [String] = []

    func run() async throws {
        try await ExitReport.guarding {
            try ProcessLimits.check()
            let settings = try SettingsLoader(.rollout, arguments: settings).load()
            try await RolloutProcess(settings).run()
        }
    }
}
