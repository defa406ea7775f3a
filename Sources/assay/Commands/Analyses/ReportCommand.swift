import ArgumentParser
import ReportPages
import Service

/// `assay report`: the page of an analysis as one file.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Prints the page of an analysis as one HTML file that needs nothing else.",
        discussion: """
            The file holds its style, its charts and all samples that they are drawn from; it needs no script and no network.
            Its links lead to the service.

            Exit code 0: the page was printed, whatever the verdict is. 3: it was not; one sentence says why.

            The service is asked over HTTP (--assay-url or ASSAY_URL). It must be of version 0.2.0 or newer.

            \(SettingsHelp.text(for: .pipeline))
            """
    )

    @Argument(parsing: .allUnrecognized, help: .init(stringLiteral: AnalysisArguments.help))
    var analysis: [String] = []

    @Option(help: "Cluster, where the release is in several.")
    var cluster: String?

    @Option(help: "Namespace, where the release is in several.")
    var namespace: String?

    func run() async throws {
        try await ExitReport.guarding {
            let arguments = try AnalysisArguments(analysis, cluster: cluster, namespace: namespace)
            let service = try AskedService(arguments.settings)
            let id = try await arguments.session(service.client)
            let report = try await service.client.report(ofSession: id, withSamples: true).report
            try StandardOutput.write(
                ReportPage.file(report, service: service.client.url, version: ProgramVersion.current)
            )
        }
    }
}
