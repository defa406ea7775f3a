import Analysis
import ArgumentParser
import Service

/// `assay health`: asks a running process whether it is alive, or ready.
struct Health: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Asks a running `serve` or `rollout` whether it is alive; for health checks of containers.",
        discussion: """
            Without --url the process on this host is asked, at the port that the settings give it (variables, the file
            named by ASSAY_CONFIG, or the same flags): in a container `assay health` needs no arguments.
            Exit code 0: it answers that it is. 1: it does not.
            """
    )

    @Option(help: "Base URL of the process, such as http://127.0.0.1:8080.")
    var url: String?

    @Flag(help: "Ask whether it is ready (/readyz) instead of alive (/livez).")
    var ready = false

    @Option(help: "Longest time to wait for the answer.")
    var timeout = "3s"

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var settings: [String] = []

    func run() async throws {
        try await ExitReport.guarding(code: 1) {
            guard let limit = Duration(compactText: timeout), limit > .zero else {
                throw SettingsError("--timeout: \"\(timeout)\" is not a time such as 500ms or 3s")
            }
            let base = try url ?? HealthQuestion.ownURL(SettingsLoader(.serve, arguments: settings).load())
            print(try await HealthQuestion.ask(base, isReady: ready, timeout: limit))
        }
    }
}
