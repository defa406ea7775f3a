import Analysis
import Foundation
import Judging
import Testing

@testable import Reports

@Suite("A report in words") struct ReportTextTests {
    private static func record(result: JudgementResult = .fail, metrics: [MetricVerdict]? = nil) -> AnalysisRecord {
        var silent = Fixtures.metric("silent", control: 1, experiment: 1, classification: .nodata, reason: "no series")
        silent.warnings = ["half of it is missing"]
        let metrics =
            metrics ?? [
                Fixtures.metric("fine", control: 1, experiment: 1, query: "sum(fine)"), silent,
                Fixtures.metric(
                    "errors",
                    control: 1,
                    experiment: 3,
                    classification: .high,
                    reason: "three times as many",
                    critical: true
                ),
            ]
        let verdict = Fixtures.verdict(result: result, look: 3, metrics: metrics, score: 62)
        let start = verdict.openedAt
        let session = AnalysisReportTests.session(
            verdict: verdict,
            metrics: [
                PlannedMetric(name: "fine", query: "f"), PlannedMetric(name: "silent", query: "s"),
                PlannedMetric(name: "errors", query: "e", critical: true),
            ]
        )
        func block(_ side: Side, _ values: [Double]) -> SampleBlock {
            SampleBlock(session: "s-1", metric: 2, side: side, first: start, step: .seconds(10), values: values)
        }
        let transitions = (0..<12).map { look in
            SessionTransition(
                session: "s-1",
                at: start + .seconds(look),
                replica: "replica-1",
                cause: .looked,
                from: .sampling,
                to: .sampling,
                look: look,
                reason: "look \(look)"
            )
        }
        return AnalysisRecord(
            session: session,
            verdicts: [verdict],
            transitions: transitions,
            actions: [Fixtures.action(verdict, .abort)],
            samples: [block(.control, [1, .nan, 1]), block(.experiment, [3, 3, 4])],
            releases: [session],
            unreadable: ["a verdict of look 2"]
        )
    }

    @Test("What happened stands first, then why, what was done, what is next, and what was not judged")
    func text() {
        let lines = ReportText().lines(AnalysisReport(Self.record()))
        #expect(
            lines.prefix(11) == [
                "✗ Failed at look 3 of 5, 50 s after the deployment",
                "shop 1.1.0 in demo, session s-1",
                "",
                "  why         score 100 (pass 95, marginal 75)",
                "  done        aborted by webhook at 08:00:50Z",
                "  next        look 4 of 5",
                "  not judged  silent: no series",
                "  unreadable  a verdict of look 2",
                "",
                "     metric      control   experiment  ratio  result               evidence",
                "  ✗  errors  1.000 (n 8)  3.000 (n 8)  ×3.00  too high (critical)",
            ]
        )
        #expect(lines.contains("  errors") && lines.contains("    three times as many"))
        #expect(lines.contains("  silent") && lines.contains("    warning: half of it is missing"))
        #expect(!lines.contains { $0.contains("sum(fine)") })
        #expect(lines.contains("  score       62 of 100"))
        #expect(lines.contains("  … 3 earlier changes: --all"))
        #expect(
            lines.last
                == "  2027-01-15 08:00:50Z  abort, done  The result is known. (The webhook answered with status 200.)"
        )
    }

    @Test("Everything is shown where it is asked for")
    func whole() {
        let lines = ReportText(isWhole: true).lines(AnalysisReport(Self.record()))
        #expect(lines.contains("    experiment query: sum(fine)"))
        #expect(lines.contains { $0.hasPrefix("    control: mean 1") })
        #expect(!lines.contains { $0.contains("--all") })
        #expect(lines.contains { $0.hasSuffix("look 0 (replica-1)") })
    }

    @Test("Of many metrics those that decide are shown")
    func many() {
        let metrics = (0..<500).map { Fixtures.metric("m\($0)", control: 1, experiment: 1) }
        let report = AnalysisReport(Self.record(result: .pass, metrics: metrics))
        let lines = ReportText().lines(report)
        #expect(lines.count < 80 && lines.contains("  … 460 more metrics: --all"))
        #expect(ReportText(isWhole: true).lines(report).count > 500)
    }

    @Test("Text from outside neither moves the cursor nor ends the line, and is no markup")
    func hostile() {
        let hostile = Fixtures.metric(
            "a\u{1B}[2Jb\nc|d*",
            control: 1,
            experiment: 3,
            classification: .high,
            reason: "\u{1B}]0;title\u{7}"
        )
        let report = AnalysisReport(Self.record(metrics: [hostile]))
        let text = ReportText(isWhole: true).lines(report)
        #expect(!text.contains { line in line.unicodeScalars.contains { $0.value < 0x20 } })
        #expect(ReportMarkdown.text(report).contains(#"\[2Jb c\|d\*"#))
    }

    @Test("As Markdown it is a heading, lists and tables")
    func markdown() {
        let text = ReportMarkdown.text(AnalysisReport(Self.record()))
        #expect(
            text.hasPrefix(
                "### ✗ shop 1.1.0 in demo: Failed\n\nFailed at look 3 of 5, 50 s after the deployment.\n\n- why: "
            )
        )
        #expect(text.contains("| ✗ errors | 1.000 (n 8) | 3.000 (n 8) | ×3.00 | too high (critical) |  |\n"))
        #expect(text.contains("- errors: three times as many\n"))
        #expect(text.contains("- session: s-1\n"))
        #expect(text.hasSuffix("|\n"))
    }

    @Test("Colours go with the signs, and are left out where there are none")
    func colours() {
        let report = AnalysisReport(Self.record())
        let coloured = ReportText(style: TerminalStyle(isColoured: true)).lines(report)
        #expect(
            coloured[0] == "\u{1B}[1m\u{1B}[31m✗ Failed at look 3 of 5, 50 s after the deployment\u{1B}[0m\u{1B}[0m"
        )
        #expect(!ReportText().lines(report).contains { $0.contains("\u{1B}") })
    }

    // MARK: - JSON

    @Test("Its JSON is read back as it was")
    func json() throws {
        let report = AnalysisReport(Self.record())
        let data = try DomainJSON.encode(report)
        // A missing sample is no number, and is not equal to itself.
        #expect(try DomainJSON.encode(DomainJSON.decode(AnalysisReport.self, from: data)) == data)
        let text = String(decoding: data, as: UTF8.self)
        #expect(text.contains(#""form":1"#))
        #expect(
            text.contains(
                #""series":{"control":[1,null,1],"experiment":[3,3,4],"first":"2027-01-15T08:00:00.000Z","step":"10s"}"#
            )
        )
        #expect(text.contains(#""ending":{"at":"2027-01-15T08:00:50.000Z","result":"fail","status":"completed"}"#))
    }

    @Test("Words and members of a later version are read, samples that do not fit together are not")
    func later() throws {
        let text = String(decoding: try DomainJSON.encode(AnalysisReport(Self.record())), as: UTF8.self)
        func read(_ old: String, _ new: String) throws -> AnalysisReport {
            try #require(text.contains(old))
            return try DomainJSON.decode(AnalysisReport.self, from: Data(text.replacing(old, with: new).utf8))
        }
        #expect(try read(#""tone":"bad""#, #""tone":"dire""#).state.tone == .neutral)
        #expect(try read(#""form":1"#, #""form":1,"more":{}"#).form == 1)
        #expect(try read(#""result":"fail""#, #""result":"later""#).ending?.result == .unknown("later"))
        for (old, new) in [
            ("[3,3,4]", "[3,3]"), (#""step":"10s""#, #""step":"0s""#), (#""step":"10s""#, #""step":"9999999d""#),
        ] {
            #expect(throws: (any Error).self, "\(new)") { try read(old, new) }
        }
    }
}
