package import Analysis

/// A report as lines for a terminal: what happened, how sure that is, what was done, and what comes next.
package struct ReportText: Sendable {
    private let style: TerminalStyle
    /// Everything that is known, and not only what decides.
    private let isWhole: Bool

    private static let shownMetrics = 40
    private static let shownTrail = 10

    package init(style: TerminalStyle = TerminalStyle(isColoured: false), isWhole: Bool = false) {
        self.style = style
        self.isWhole = isWhole
    }

    package func lines(_ report: AnalysisReport) -> [String] {
        let parts = [
            head(report), statements(report), table(report), report.metrics.flatMap(details), facts(report),
            releases(report), trail(report),
        ]
        return Array(parts.filter { !$0.isEmpty }.joined(separator: [""]))
    }

    private func head(_ report: AnalysisReport) -> [String] {
        let place = report.place.map { " (\($0))" } ?? ""
        let name = "\(report.application) \(report.version) in \(report.environment)\(place)"
        return [
            style.bold(
                style.toned("\(report.state.tone.sign) \(report.state.headline)".terminalText, report.state.tone)
            ),
            "\(name), session \(report.id)".terminalText,
        ]
    }

    private func statements(_ report: AnalysisReport) -> [String] {
        named(report.statements.map { ($0.name, $0.value) })
    }

    private func table(_ report: AnalysisReport) -> [String] {
        guard !report.metrics.isEmpty else { return [] }
        let shown = report.metrics.prefix(isWhole ? .max : Self.shownMetrics)
        var table = TextTable(edges: [.left, .left, .right, .right, .right, .left, .left])
        table.rows = [[""] + MetricReport.columns] + shown.map { [$0.tone.sign] + $0.cells.map(\.terminalText) }
        let lines = table.lines.enumerated().map { index, line in
            index == 0 ? style.dim("  \(line)") : "  \(style.toned(line, report.metrics[index - 1].tone))"
        }
        let others = report.metrics.count - shown.count
        return lines + (others > 0 ? [more(others, "more metrics")] : [])
    }

    /// Why it is classified as it is, and with everything what was asked.
    private func details(_ metric: MetricReport) -> [String] {
        let isExplained = isWhole || metric.isExplained
        var lines = (isExplained ? metric.findings : []) + metric.warnings.map { "warning: \($0)" }
        if isWhole {
            lines += metric.statistics.map { "\($0.side): \($0.statistics)" }
            lines += metric.queries.map { "\($0.side) query: \($0.query)" }
        }
        guard !lines.isEmpty else { return [] }
        return [style.bold("  \(metric.name.terminalText)")] + lines.map { "    \($0.terminalText)" }
    }

    private func facts(_ report: AnalysisReport) -> [String] {
        named(report.facts.map { ($0.name, $0.value) } + (report.scoreText.map { [("score", $0)] } ?? []))
    }

    private func releases(_ report: AnalysisReport) -> [String] {
        let others = report.releases.filter { !$0.isThis }
        guard !others.isEmpty else { return [] }
        let names = others.map { "\($0.version) \($0.state.tone.sign) \($0.state.word)" }
        return named([("other releases", names.joined(separator: ", "))])
    }

    private func trail(_ report: AnalysisReport) -> [String] {
        let shown = report.trail.suffix(isWhole ? .max : Self.shownTrail)
        var table = TextTable(edges: [.left, .left, .left])
        table.rows = shown.map { entry in
            let who = isWhole && !entry.who.isEmpty ? " (\(entry.who))" : ""
            return [entry.at.readable, entry.what.terminalText, (entry.why + who).terminalText]
        }
        let others = report.trail.count - shown.count
        return (others > 0 ? [more(others, "earlier changes")] : []) + table.lines.map { "  \($0)" }
    }

    private func more(_ count: Int, _ what: String) -> String { style.dim("  … \(count) \(what): --all") }

    /// Names in a column, texts beside them.
    private func named(_ pairs: [(name: String, text: String)]) -> [String] {
        var table = TextTable(edges: [.left, .left])
        table.rows = pairs.map { [$0.name, $0.text.terminalText] }
        return table.lines.map { "  \($0)" }
    }
}

extension TerminalStyle {
    /// In the colour that goes with a sign.
    package func toned(_ text: String, _ tone: ReportState.Tone) -> String {
        switch tone {
        case .good: green(text)
        case .bad: red(text)
        case .caution, .waiting: yellow(text)
        case .running: cyan(text)
        case .neutral: text
        }
    }
}

extension Timestamp {
    /// `2026-11-30 14:02:11Z`.
    package var readable: String { String(rfc3339.prefix(19).map { $0 == "T" ? " " : $0 }) + "Z" }
}
