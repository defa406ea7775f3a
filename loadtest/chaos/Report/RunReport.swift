import Foundation

/// What a run prints, and writes as Markdown.
struct RunReport: Sendable, Equatable {
    var title: String
    /// What was run, one sentence each.
    var facts: [String] = []
    var tables: [Table] = []
    /// What must be known to read the figures.
    var notes: [String] = []
    /// What should not have happened; the run has failed when there is any.
    var failures: [String] = []

    /// Failures that are spelled out; the others are counted.
    private static let shown = 20

    var lines: [String] {
        var lines = ["", title] + facts.map { "  \($0)" }
        for table in tables { lines += [""] + table.lines }
        if !notes.isEmpty { lines += [""] + notes.map { "note: \($0)" } }
        if failures.isEmpty { return lines + ["", "OK"] }
        lines += [""] + failures.prefix(Self.shown).map { "FAILED: \($0)" }
        if failures.count > Self.shown { lines.append("FAILED: and \(failures.count - Self.shown) more") }
        return lines
    }

    var markdown: String {
        var lines = ["## \(title)", ""] + facts.map { "- \($0)" }
        for table in tables { lines += [""] + table.markdown }
        if !notes.isEmpty { lines += [""] + notes.map { "- \($0)" } }
        lines += ["", failures.isEmpty ? "Nothing was lost, wrong, repeated or out of order." : "Failures:"]
        if !failures.isEmpty { lines += [""] + failures.map { "- \($0)" } }
        return lines.joined(separator: "\n") + "\n"
    }

    func write(to path: String) throws {
        try Data(markdown.utf8).write(to: URL(fileURLWithPath: path))
    }
}
