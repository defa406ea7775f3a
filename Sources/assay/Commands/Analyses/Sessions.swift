import Analysis
import ArgumentParser
import JSON
import Reports
import Service

/// `assay sessions`: analyses, newest first.
struct Sessions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists analyses, newest first.",
        discussion: """
            Exit code 0: the list was printed. 3: it was not; one sentence says why. Where there are older ones, standard
            error says how to ask for them (--before). With --follow each change is a line, until the command is stopped; with
            --output json each line is an object.

            The service is asked over HTTP (--assay-url or ASSAY_URL).

            \(SettingsHelp.text(for: .pipeline))
            """
    )

    @OptionGroup var filter: AnalysisFilter

    @Option(
        help: "Only those in this phase: warmingUp, sampling or finished.",
        completion: .list(AnalysisSession.Phase.allCases.map(\.rawValue))
    )
    var phase: String?

    @Option(help: "Only those older than this: what an earlier list gave as next, or a time (2026-11-30T12:00:00Z).")
    var before: String?

    @Option(help: "At most so many.")
    var limit = 50

    @Flag(help: "Go on: print each analysis that opens, changes or ends.")
    var follow = false

    @Option(help: "How they are printed.")
    var output = OutputForm.table

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var settings: [String] = []

    static let largestLimit = 10_000

    func run() async throws {
        try await ExitReport.guarding {
            try check()
            let service = try AskedService(settings)
            guard !follow else {
                return try await AnalysisFollower.run(
                    service.client,
                    filter.release,
                    newest: min(limit, AnalysisQuery.largestPage),
                    every: .seconds(5),
                    rounds: nil
                ) { try show($0) }
            }
            let page = try await page(service.client)
            try StandardOutput.write(text(page))
            if let note = AnalysisTable.unanswered(page.unanswered) { StandardError.write("assay: \(note)\n") }
            if let next = page.next, output != .json { StandardError.write("assay: older ones: --before \(next)\n") }
        }
    }

    func check() throws(SettingsError) {
        guard (1...Self.largestLimit).contains(limit) else {
            throw SettingsError("--limit must lie between 1 and \(Self.largestLimit)")
        }
        guard follow else { return }
        guard phase == nil, before == nil else { throw SettingsError("--follow goes without --phase and --before") }
        guard output != .markdown else { throw SettingsError("--follow prints lines or --output json") }
    }

    /// As many pages of the service as the limit takes.
    private func page(_ client: ServiceClient) async throws -> AnalysisPage {
        var page = AnalysisPage(next: before)
        repeat {
            let query = AnalysisQuery(
                filter.release,
                phase: phase,
                before: page.next,
                limit: limit - page.entries.count
            )
            let more = try await client.analyses(query)
            page.entries += more.entries
            page.unanswered += more.unanswered
            page.next = more.next
        } while page.next != nil && page.entries.count < limit
        return page
    }

    private func text(_ page: AnalysisPage) -> String {
        switch output {
        case .table: AnalysisTable(style: .standardOutput).lines(page.analyses).map { $0 + "\n" }.joined()
        case .markdown: AnalysisTable.markdown(page.analyses)
        case .json:
            JSONValue.object(
                [
                    "sessions": .array(page.entries.map(\.json)), "next": page.next.map { .string($0) },
                    "unanswered": .integer(page.unanswered),
                ] as JSONObject
            ).jsonText + "\n"
        }
    }

    private func show(_ entries: [AnalysisPage.Entry]) throws {
        let table = AnalysisTable(style: .standardOutput)
        try StandardOutput.write(entries.map { output == .json ? $0.json.jsonText : table.line($0.analysis) })
    }
}
