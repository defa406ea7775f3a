import ArgumentParser
import Service

/// `assay wait`: waits for the final verdict of a release.
struct Wait: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Waits for the final verdict of a release.",
        discussion: """
            Exit code 0: pass. 1: fail. 2: marginal or inconclusive (also a cancelled or errored analysis).
            3: no verdict in time, or an error, also where the options fit several releases, or where the plan of the
            verdict came with the deploy event (--plans-from-events takes it). Of a version that was
            deployed more than once, the newest deployment counts; --event names one, with the id that `emit` printed.
            `assay emit --wait` sends an event and waits for the verdict on it.

            With --assay-url (ASSAY_URL) the service is asked over HTTP. Without it two topics are read from their
            beginning: that of deploy events, to know which deployment is meant, and that of verdicts.

            \(SettingsHelp.text(for: .pipeline))
            """
    )

    @Option(help: "Application.")
    var application: String?

    @Option(help: "Environment; any, where it is not given and there is one only.")
    var environment: String?

    @Option(help: "Cluster; any, where it is not given and there is one only.")
    var cluster: String?

    @Option(help: "Namespace; any, where it is not given and there is one only.")
    var namespace: String?

    @Option(help: "Version.")
    var releaseVersion: String?

    @Option(help: "Only the verdict on the deploy event with this id (given to or printed by `assay emit`).")
    var event: String?

    @Option(help: "CloudEvents source of that event, where it is not that of `assay emit`.")
    var source: String?

    @Option(help: "Only the verdict of this session (printed by `assay emit`).")
    var session: String?

    @OptionGroup var options: VerdictOptions

    @Flag(help: "Print the verdict as JSON.")
    var json = false

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var settings: [String] = []

    func run() async throws {
        try await ExitReport.guarding {
            let settings = try SettingsLoader(.pipeline, arguments: settings).load()
            StandardError.warn(Exposures(settings, for: .pipeline))
            throw try await VerdictWait(try wanted(), options, json: json, settings).run(settings)
        } failing: {
            if options.result { print("none") }
        }
    }

    func wanted() throws(SettingsError) -> WantedVerdict {
        let filter = ReleaseFilter(
            application: application,
            environment: environment,
            cluster: cluster,
            namespace: namespace,
            version: releaseVersion
        )
        guard session == nil || event == nil else { throw SettingsError("give --session or --event, not both") }
        guard source == nil || event != nil else { throw SettingsError("--source needs --event") }
        if let session { return .session(session, filter) }
        if let event { return .event(id: event, source: source, filter) }
        guard releaseVersion != nil else {
            throw SettingsError("give --release-version or --event, or --session")
        }
        guard application != nil else { throw SettingsError("--release-version needs --application") }
        return .version(filter)
    }
}
