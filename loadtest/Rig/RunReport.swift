import Foundation

/// What a run prints, and writes as Markdown.
package struct RunReport: Sendable, Equatable {
    package var title: String
    /// What was run, one sentence each.
    package var facts: [String] = []
    package var tables: [Table] = []
    /// Texts that are shown as they are, after the tables.
    package var blocks: [TextBlock] = []
    /// What must be known to read the figures.
    package var notes: [String] = []
    /// What should not have happened; the run has failed when there is any.
    package var failures: [String] = []

    package init(title: String, facts: [String] = [], tables: [Table] = []) {
        self.title = title
        self.facts = facts
        self.tables = tables
    }

    /// Failures that are spelled out; the others are counted.
    private static let shown = 20

    package var lines: [String] {
        var lines = ["", title] + facts.map { "  \($0)" }
        for table in tables { lines += [""] + table.lines }
        for block in blocks { lines += ["", block.title] + block.lines.map { "  " + $0 } }
        if !notes.isEmpty { lines += [""] + notes.map { "note: \($0)" } }
        if failures.isEmpty { return lines + ["", "OK"] }
        lines += [""] + failures.prefix(Self.shown).map { "FAILED: \($0)" }
        if failures.count > Self.shown { lines.append("FAILED: and \(failures.count - Self.shown) more") }
        return lines
    }

    package var markdown: String {
        var lines = ["## \(title)", ""] + facts.map { "- \($0)" }
        for table in tables { lines += [""] + table.markdown }
        for block in blocks { lines += ["", "### \(block.title)", "", "```text"] + block.lines + ["```"] }
        if !notes.isEmpty { lines += [""] + notes.map { "- \($0)" } }
        lines += ["", failures.isEmpty ? "Nothing was lost, wrong, repeated or out of order." : "Failures:"]
        if !failures.isEmpty { lines += [""] + failures.map { "- \($0)" } }
        return lines.joined(separator: "\n") + "\n"
    }

    package func write(to path: String) throws {
        try Data(markdown.utf8).write(to: URL(fileURLWithPath: path))
    }
}
