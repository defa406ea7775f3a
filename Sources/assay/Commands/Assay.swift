import ArgumentParser
import Service

/// The command line.
@main
struct Assay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assay",
        abstract: "Judges releases: deploy events in, verdicts out.",
        discussion: """
            Every setting of `serve` and `rollout` is a flag (--prometheus-url), an environment variable
            (ASSAY_PROMETHEUS_URL) and a key of the file named by --config or ASSAY_CONFIG (prometheus: {url: …}).
            """,
        version: ProgramVersion.current,
        groupedSubcommands: [
            CommandGroup(
                name: "Services",
                subcommands: [
                    Serve.self, RolloutCommand.self, ReleasesCommand.self, TokenCommand.self, Migrate.self, Broker.self,
                    Health.self,
                ]
            ),
            CommandGroup(name: "Pipelines", subcommands: [Emit.self, Wait.self]),
            CommandGroup(
                name: "Analyses",
                subcommands: [Sessions.self, Show.self, Top.self, ReportCommand.self, Analyse.self]
            ),
            CommandGroup(
                name: "Decisions",
                subcommands: [Approve.self, Abort.self, Cancel.self, Feedback.self]
            ),
            CommandGroup(name: "Plans", subcommands: [Validate.self, JudgeCommand.self, Evaluate.self]),
            CommandGroup(
                name: "Reference",
                subcommands: [
                    ConfigCommand.self, SettingsCommand.self, PlanKeysCommand.self, MetricsCommand.self,
                    ExitCodesCommand.self,
                ]
            ),
        ]
    )

    static func main() async {
        StandardDescriptors.open()
        ProcessStart.prepare()
        let commands = Self.configuration.subcommands.map { $0._commandName }
        if let slip = CommandLineSlip.find(in: Array(CommandLine.arguments.dropFirst()), commands: commands) {
            StandardError.write("assay: \(slip)\n")
            Self.exit(withError: ExitCode(ExitReport.failure))
        }
        await main(nil)
    }
}
