import Analysis
import Reports
import Service

/// What `assay top` draws: what runs first, then what ended last, as much as fits.
struct TopScreen {
    var url: String
    var page: AnalysisPage
    var at: Timestamp
    /// Why the page is not of now; nil where it is.
    var trouble: String?

    private static let fixedLines = 3

    func lines(columns: Int, lines: Int, style: TerminalStyle) -> [String] {
        let running = page.analyses.filter(\.isRunning)
        let waiting = running.filter { $0.tone == .waiting }.count
        let counts = [
            "\(running.count - waiting) running", "\(waiting) waiting", AnalysisTable.unanswered(page.unanswered),
        ]
        .compactMap(\.self).joined(separator: ", ")
        let head = String("\(counts) · \(at.readable) · \(url)".terminalText.prefix(columns))
        let note = trouble.map { style.red(String($0.terminalText.prefix(columns))) } ?? ""
        let rows = (running + page.analyses.filter { !$0.isRunning }).prefix(max(1, lines - Self.fixedLines - 1))
        return [style.bold(head), note] + AnalysisTable(style: style).lines(Array(rows), width: columns)
    }

    /// The lines in the place of what the terminal shows.
    static func drawn(_ lines: [String]) -> String {
        "\u{1B}[H" + lines.map { $0 + "\u{1B}[K\n" }.joined() + "\u{1B}[J"
    }
}
