import Analysis
import ArgumentParser
import JSON
import Reports
import Service
import Testing

@testable import assay

@Suite("Commands about analyses") struct AnalysisCommandTests {
    @Test("An analysis is named by its session, or by its release; settings stand anywhere")
    func arguments() throws {
        func arguments(_ words: String..., cluster: String? = nil) throws -> AnalysisArguments {
            try AnalysisArguments(words, cluster: cluster, namespace: nil)
        }
        let settings = ["--assay-url", "http://a"]
        for words in [["s-1"] + settings, settings + ["s-1"]] {
            let parsed = try AnalysisArguments(words, cluster: nil, namespace: nil)
            #expect(parsed.choice == .session("s-1") && parsed.settings == settings)
        }
        let release = try arguments("shop", "--assay-url=http://a", "demo", "1.0", cluster: "eu")
        #expect(
            release.choice
                == .newest(ReleaseFilter(application: "shop", environment: "demo", cluster: "eu", version: "1.0"))
        )
        #expect(release.settings == ["--assay-url=http://a"])
        #expect(throws: SettingsError.self) { try arguments() }
        #expect(throws: SettingsError.self) { try arguments("shop", "demo") }
        #expect(throws: SettingsError.self) { try arguments("shop", "demo", "1", "2") }
        #expect(throws: SettingsError.self) { try arguments("s-1", cluster: "eu") }
    }

    @Test(
        "Options that would be lost are refused",
        arguments: [
            ["--limit", "0"], ["--limit", "10001"], ["--follow", "--phase", "finished"], ["--follow", "--before", "x"],
            ["--follow", "--output", "markdown"],
        ]
    )
    func sessions(_ options: [String]) throws {
        let sessions = try #require(try Assay.parseAsRoot(["sessions"] + options) as? Sessions)
        #expect(throws: SettingsError.self) { try sessions.check() }
    }

    @Test(
        "A live list is asked for at most once a second",
        arguments: [["--every", "0s"], ["--every", "x"], ["--count", "0"]]
    )
    func pause(_ options: [String]) throws {
        let top = try #require(try Assay.parseAsRoot(["top"] + options) as? Top)
        #expect(throws: SettingsError.self) { try top.pause() }
    }

    private static func entry(_ id: String, looks: String = "1 of 5", isRunning: Bool = true) -> AnalysisPage.Entry {
        let analysis = ListedAnalysis(
            id: id,
            application: "shop",
            environment: "demo",
            cluster: nil,
            namespace: nil,
            version: "1",
            openedAt: Timestamp(milliseconds: 1_800_000_000_000),
            looks: looks,
            state: isRunning ? ReportState.running(isHeld: false) : ("Passed", .good),
            isRunning: isRunning,
            why: ""
        )
        return AnalysisPage.Entry(analysis: analysis, json: .null)
    }

    @Test("What is new or has changed is told once, oldest first, and what ran and is not listed is asked for")
    func follower() {
        var follower = AnalysisFollower()
        func changes(_ entries: AnalysisPage.Entry...) -> [String] { follower.changes(in: entries).map(\.analysis.id) }
        #expect(changes(Self.entry("b"), Self.entry("a")) == ["a", "b"])
        #expect(changes(Self.entry("b"), Self.entry("a")) == [])
        #expect(
            changes(Self.entry("c"), Self.entry("b", looks: "2 of 5"), Self.entry("a", isRunning: false)) == [
                "a", "b", "c",
            ]
        )
        #expect(follower.lost(from: [Self.entry("c")]) == ["b"])
    }

    @Test("The live list has what runs first, fits the terminal, and says why it is old")
    func screen() {
        let page = AnalysisPage(
            entries: [Self.entry("ended", isRunning: false), Self.entry("running")]
                + (0..<50).map { Self.entry("r\($0)") },
            unanswered: 1
        )
        var screen = TopScreen(url: "http://assay", page: page, at: Timestamp(milliseconds: 1_800_000_000_000))
        let plain = TerminalStyle(isColoured: false)
        let lines = screen.lines(columns: 200, lines: 20, style: plain)
        #expect(lines.count < 20)
        #expect(
            lines[0]
                == "51 running, 0 waiting, 1 deploy event without an answer yet · 2027-01-15 08:00:00Z · http://assay"
        )
        #expect(lines[1] == "" && lines[3].contains("running") && !lines.contains { $0.contains("ended") })
        screen.trouble = "the service is away"
        #expect(screen.lines(columns: 200, lines: 20, style: plain)[1] == "the service is away")
        #expect(screen.lines(columns: 20, lines: 4, style: plain).allSatisfy { $0.count <= 20 })
        #expect(TopScreen.drawn(["a"]) == "\u{1B}[Ha\u{1B}[K\n\u{1B}[J")
    }

    @Test("Completions know every command and the values of options", arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) throws {
        let kind = try #require(CompletionShell(rawValue: shell))
        let script = Assay.completionScript(for: kind)
        for command in Assay.configuration.subcommands { #expect(script.contains(command._commandName)) }
        #expect(script.contains("markdown") && script.contains("plans-from-events"))
        #expect(script.contains("warmingUp"))
    }
}
