import Foundation
import Reports

extension EvaluationReport {
    /// Tables for a terminal.
    package var text: [String] {
        var lines: [String] = []
        for table in EvaluationSummary(rows).tables {
            if !lines.isEmpty { lines.append("") }
            lines.append("\(table.steps) looks, \(table.comparison.title)")
            lines += Self.lines(of: table)
        }
        if !lines.isEmpty {
            lines += [
                "",
                "healthy: false aborts, with the interval at 95 % (worst: of the families put together);"
                    + " x…: share found (median look).",
            ]
        }
        return lines
    }

    private static func lines(of table: EvaluationSummary.Table) -> [String] {
        var text = TextTable(edges: [.left, .left, .right] + table.degradations.map { _ in .right })
        text.rows.append(["family", "judge", "analyses"] + table.degradations.map(\.title))
        for line in table.lines {
            let analyses = line.cells.values.map(\.analyses).max() ?? 0
            let cells = table.degradations.map { degradation in
                line.cells[degradation].map { cell($0, degradation, families: line.families) } ?? ""
            }
            text.rows.append([line.family, line.judge, String(analyses)] + cells)
        }
        return text.lines
    }

    private static func cell(_ cell: EvaluationSummary.Cell, _ degradation: Degradation, families: Int) -> String {
        let share = percent(cell.failedShare)
        guard degradation.ratio == 1 else {
            return cell.medianLook.map { "\(share) (\(number($0)))" } ?? share
        }
        if families > 1 { return "\(share) (worst \(percent(cell.worst)))" }
        return "\(share) (\(percent(cell.interval.lowerBound))-\(percent(cell.interval.upperBound)))"
    }

    /// In percent, with as many digits as say something.
    static func percent(_ share: Double) -> String {
        let percent = share * 100
        let digits = percent == 0 || percent >= 99.95 ? 0 : percent < 1 ? 2 : 1
        return String(format: "%.\(digits)f%%", percent)
    }

    static func number(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(format: "%.1f", value)
    }
}
