import Analysis
import ArgumentParser
import Reports
import Service

/// `assay top`: the analyses that run, live.
struct Top: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows the analyses that run, and those that ended last, live.",
        discussion: """
            On a terminal the list is drawn again and again; otherwise each analysis that opens, changes or ends is a line.
            A service that goes away is waited for. Exit code 0: --count is reached. 3: the service gave no list; one sentence
            says why. Ctrl-C ends it.

            The service is asked over HTTP (--assay-url or ASSAY_URL).

            \(SettingsHelp.text(for: .pipeline))
            """
    )

    @OptionGroup var filter: AnalysisFilter

    @Option(help: "Time between two questions (2s, 1m).")
    var every = "2s"

    @Option(help: "Ask so often, then end; for ever without it.")
    var count: Int?

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var settings: [String] = []

    private static let newest = 50

    func run() async throws {
        try await ExitReport.guarding {
            let pause = try pause()
            let service = try AskedService(settings)
            guard StandardOutput.isTerminal else {
                let table = AnalysisTable()
                return try await AnalysisFollower.run(
                    service.client,
                    filter.release,
                    newest: Self.newest,
                    every: pause,
                    rounds: count
                ) { try StandardOutput.write($0.map { table.line($0.analysis) }) }
            }
            try await draw(service.client, every: pause)
        }
    }

    func pause() throws(SettingsError) -> Duration {
        guard let pause = Duration(compactText: every), pause >= .seconds(1) else {
            throw SettingsError("--every: \"\(every)\" is not a time of 1s or more, such as 2s")
        }
        if let count, count < 1 { throw SettingsError("--count must be 1 or more") }
        return pause
    }

    private func draw(_ client: ServiceClient, every pause: Duration) async throws {
        var screen = TopScreen(url: client.url, page: AnalysisPage(), at: .now)
        var round = 0
        while true {
            do throws(ServiceClient.Failure) {
                screen.page = try await client.liveAnalyses(filter.release, newest: Self.newest)
                screen.at = .now
                screen.trouble = nil
            } catch {
                guard error.mayPass, round > 0 else { throw error }
                screen.trouble = error.description
            }
            let size = StandardOutput.size
            let lines = screen.lines(columns: size.columns, lines: size.lines, style: .standardOutput)
            // What stood there before is cleared once: later drawings replace line by line, and do not flicker.
            try StandardOutput.write((round == 0 ? "\u{1B}[2J" : "") + TopScreen.drawn(lines))
            round += 1
            if let count, round >= count { return }
            try await Task.sleep(for: pause)
        }
    }
}
