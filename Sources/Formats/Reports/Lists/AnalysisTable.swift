/// Analyses as a table, for a terminal or as Markdown.
package struct AnalysisTable: Sendable {
    private let style: TerminalStyle

    private static let columns = ["opened", "application", "version", "environment", "looks", "state", "session"]

    package init(style: TerminalStyle = TerminalStyle(isColoured: false)) {
        self.style = style
    }

    /// A heading, and a line an analysis.
    ///
    /// - Parameter width: of the terminal: longer lines are cut; nil for as long as they are.
    package func lines(_ analyses: [ListedAnalysis], width: Int? = nil) -> [String] {
        var table = TextTable(edges: [.left, .left, .left, .left, .left, .left, .left, .left])
        table.rows = [[""] + Self.columns] + analyses.map { [$0.tone.sign] + Self.cells($0).map(\.terminalText) }
        return table.lines.enumerated().map { index, line in
            let line = width.map { String(line.prefix(max(0, $0))) } ?? line
            return index == 0 ? style.dim(line) : style.toned(line, analyses[index - 1].tone)
        }
    }

    /// One analysis without the others, as a line of what happened.
    package func line(_ analysis: ListedAnalysis) -> String {
        let cells = Self.cells(analysis)
        let why = analysis.why.isEmpty ? "" : ": \(analysis.why)"
        let text = "\(cells[1]) \(cells[2]) in \(cells[3]), session \(analysis.id), look \(analysis.looks)\(why)"
        return style.toned("\(analysis.tone.sign) \(analysis.word)".terminalText, analysis.tone) + "  "
            + text.terminalText
    }

    package static func markdown(_ analyses: [ListedAnalysis]) -> String {
        let head = [([""] + columns).markdownRow, (["---"] + columns.map { _ in "---" }).markdownRow]
        let rows = analyses.map { ([$0.tone.sign] + cells($0)).markdownRow }
        return (head + rows).joined(separator: "\n") + "\n"
    }

    /// Deploy events that have no analysis yet; nil where there are none.
    package static func unanswered(_ count: Int) -> String? {
        count > 0 ? "\(count) deploy event\(count == 1 ? "" : "s") without an answer yet" : nil
    }

    private static func cells(_ analysis: ListedAnalysis) -> [String] {
        [
            analysis.openedAt.readable, analysis.application, analysis.version,
            analysis.environment + (analysis.place.map { " (\($0))" } ?? ""), analysis.looks, analysis.word,
            analysis.id,
        ]
    }
}
