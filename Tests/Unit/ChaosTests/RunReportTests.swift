import LoadRig
import Testing

@testable import chaos

@Suite struct RunReportTests {
    private let table = Table(title: "Things", columns: ["what", "count"], rows: [["one", "1"], ["ten|", "10"]])

    @Test func `a table is aligned as text and escaped as Markdown`() {
        #expect(table.lines == ["Things", "  what  count", "  one       1", "  ten|     10"])
        #expect(table.markdown.suffix(2) == ["| one | 1 |", "| ten\\| | 10 |"])
    }

    @Test func `a report without failures says so`() {
        var report = RunReport(title: "Run", facts: ["fact"], tables: [table])
        #expect(report.lines.last == "OK")
        report.failures = (0..<30).map { "lost: \($0)" }
        #expect(report.lines.last == "FAILED: and 10 more")
        #expect(report.markdown.contains("- lost: 29"))
    }
}
