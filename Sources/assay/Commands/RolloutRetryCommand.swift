import Analysis
import ArgumentParser
import Service

/// `assay rollout retry`: asks for a failed action again.
struct RolloutRetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Asks the rollout controller to perform the failed action of a session again.",
        discussion: """
            The service sends the session's final verdict to the controllers again, marked with the failure that it is
            about. Asking twice for the same failure changes nothing, and all guards hold as before.

            Exit code 0: the request was taken. 3: it was not; one sentence says why.

            \(SettingsHelp.text(for: .pipeline))
            """
    )

    @Option(help: "The session whose action failed.")
    var session: String

    @Option(
        help: """
            The time (`at`) of the failed action, as its event says. Not needed where the controller tells the service of \
            its actions (`--rollout-source http`).
            """
    )
    var failedAt: String?

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var settings: [String] = []

    func run() async throws {
        try await ExitReport.guarding {
            let settings = try SettingsLoader(.pipeline, arguments: settings).load()
            StandardError.warn(Exposures(settings, for: .pipeline))
            guard let client = try ServiceClient(settings) else {
                throw SettingsError("assay.url is required (--assay-url or ASSAY_URL)")
            }
            let verdict = try await client.retryAction(ofSession: session, failedAt: failedAt)
            print("asked for again: the action about \(verdict)")
        }
    }
}
