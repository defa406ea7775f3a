import ArgumentParser
import Foundation
import Service

/// `assay config`: the effective configuration.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Prints the effective configuration of a command, without secrets, and where each value comes from.",
        usage: "assay config [serve|rollout|migrate] [--output <form>] [--config <file>] [<setting> ...]",
        discussion: """
            Takes what the command itself takes, and reads the same variables and files. serve is meant when no command
            is named. Exit code 3 when the command would not start with these settings; every reason is listed.
            """
    )

    @Option(help: "table, yaml or json.")
    var output = ConfigurationReport.Form.table.rawValue

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var settings: [String] = []

    func run() async throws {
        try await ExitReport.guarding {
            guard let form = ConfigurationReport.Form(rawValue: output) else {
                throw SettingsError("--output: \"\(output)\" is not one of table, yaml, json")
            }
            var arguments = settings
            var command = Setting.Reader.serve
            if let name = arguments.first, !name.hasPrefix("-") {
                guard let named = Setting.Reader(rawValue: name), [.serve, .rollout, .migrate].contains(named) else {
                    throw SettingsError("\"\(name)\" is not one of serve, rollout, migrate")
                }
                command = named
                arguments.removeFirst()
            }
            let (settings, problems) = SettingsLoader(command, arguments: arguments).read()
            print(ConfigurationReport(settings, for: command).text(form))
            fflush(nil)
            for variable in settings.formerVariables { StandardError.write("assay: warning: \(variable)\n") }
            for warning in settings.warnings { StandardError.write("assay: warning: \(warning)\n") }
            StandardError.warn(Exposures(settings, for: command))
            if let error = SettingsError(problems + settings.fileProblems(for: command)) { throw error }
            try Self.check(settings, for: command)
        }
    }

    /// What only shows when settings are put together.
    private static func check(_ settings: Settings, for command: Setting.Reader) throws {
        switch command {
        case .serve:
            _ = try ServeSettings(settings)
            _ = try HTTPClients.prometheus(settings)
        case .rollout: try RolloutProcess(settings).check()
        case .migrate, .pipeline, .kafka, .validate: _ = try DatabaseSettings.configuration(settings)
        }
    }
}
