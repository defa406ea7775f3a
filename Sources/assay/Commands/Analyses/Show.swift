import Analysis
import ArgumentParser
import Reports
import Service

/// `assay show`: one analysis, and what is to be known of it.
struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows an analysis: what happened, how sure, since when, what was done, and what comes next.",
        discussion: """
            Exit codes are those of `assay wait` on the same analysis. 0: its final verdict is pass. 1: fail. 2: marginal or
            inconclusive (also a cancelled or errored analysis). 3: it still runs, its verdict does not count (by a plan of
            an event, or not signed where a key is given), or it cannot be shown; one sentence says why.

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

    @Option(help: "How it is printed.")
    var output = OutputForm.table

    @Flag(help: "Print every metric, with statistics and queries, and every change.")
    var all = false

    @Flag(help: "Let a verdict by a plan that came with the deploy event count too.")
    var plansFromEvents = false

    func run() async throws {
        try await ExitReport.guarding {
            let arguments = try AnalysisArguments(analysis, cluster: cluster, namespace: namespace)
            let service = try AskedService(arguments.settings)
            let keys = try PipelineVerdicts.keys(service.settings)
            let id = try await arguments.session(service.client)
            let answer = try await service.client.report(ofSession: id, withSamples: output == .json)
            try StandardOutput.write(text(answer))
            guard answer.report.ending != nil else { throw ExitCode(ExitReport.failure) }
            throw try await exitCode(id, service.client, keys)
        }
    }

    private func text(_ answer: ServiceClient.AnswerWithReport) -> String {
        switch output {
        case .table:
            ReportText(style: .standardOutput, isWhole: all).lines(answer.report).map { $0 + "\n" }.joined()
        case .json: String(decoding: answer.json, as: UTF8.self) + "\n"
        case .markdown: ReportMarkdown.text(answer.report)
        }
    }

    /// By the verdict as it was published: where keys are given it must be signed with one of them.
    private func exitCode(
        _ session: String,
        _ client: ServiceClient,
        _ keys: PipelineVerdicts.Keys?
    ) async throws -> ExitCode {
        let wanted = WantedVerdict.session(session)
        var verdicts = ServiceVerdicts(client: client, wanted: wanted, keys: keys)
        let end = ContinuousClock.now + .seconds(30)
        while let verdict = try await verdicts.next(until: end)?.verdict {
            guard verdict.kind == .final else { continue }
            if !plansFromEvents, let reason = VerdictExit.refusal(of: verdict, on: wanted.name) {
                throw SettingsError(reason)
            }
            return ExitCode(VerdictExit.code(of: verdict))
        }
        throw SettingsError(verdicts.trouble ?? "the verdict on \(wanted.name) was not given in time")
    }
}
