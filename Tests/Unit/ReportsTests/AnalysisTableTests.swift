import Analysis
import Judging
import Testing

@testable import Reports

@Suite("Lists of analyses") struct AnalysisTableTests {
    private static let failed = ListedAnalysis(
        AnalysisReportTests.session(verdict: Fixtures.verdict(result: .fail, look: 3))
    )
    private static let running = ListedAnalysis(AnalysisReportTests.session(phase: .sampling, lastLook: 2))

    @Test("A line an analysis, with its state in sign and word")
    func lines() {
        #expect(
            AnalysisTable().lines([Self.running, Self.failed]) == [
                "   opened                application  version  environment  looks   state    session",
                "▶  2027-01-15 08:00:00Z  shop         1.1.0    demo         2 of 5  Running  s-1",
                "✗  2027-01-15 08:00:00Z  shop         1.1.0    demo         3 of 5  Failed   s-1",
            ]
        )
        #expect(AnalysisTable().lines([Self.failed], width: 10).allSatisfy { $0.count <= 10 })
        #expect(AnalysisTable().lines([]).count == 1)
    }

    @Test("One alone says why")
    func line() {
        #expect(
            AnalysisTable().line(Self.failed)
                == "✗ Failed  shop 1.1.0 in demo, session s-1, look 3 of 5: score 100 (pass 95, marginal 75)"
        )
    }

    @Test("As Markdown, names are no markup")
    func markdown() {
        var hostile = Self.failed
        hostile.application = "a|b*"
        #expect(AnalysisTable.markdown([hostile]).contains(#"| a\|b\* |"#))
    }
}
