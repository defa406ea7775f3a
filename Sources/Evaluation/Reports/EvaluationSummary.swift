/// Rows brought into tables: one for each comparison and number of steps, a line for each family and judge, a column for each
/// degradation.
struct EvaluationSummary {
    struct Table {
        var comparison: EvaluatedComparison
        var steps: Int
        var judges: [String]
        var degradations: [Degradation]
        var lines: [Line]
    }

    struct Line {
        var family: String
        var judge: String
        /// How many families are put together in it.
        var families: Int
        var cells: [Degradation: Cell]
    }

    struct Cell {
        var analyses = 0
        var failed = 0
        var passed = 0
        /// Over the families that are put together.
        var worst = 0.0
        /// Of the family, or the middle one of those that are put together.
        var medianLook: Double?

        var failedShare: Double { analyses > 0 ? Double(failed) / Double(analyses) : 0 }
        var interval: ClosedRange<Double> { WilsonInterval.of(failed, among: analyses) }
    }

    /// The last lines of a table of several families.
    static let everything = "all, weighted by analyses"

    let tables: [Table]

    init(_ rows: [EvaluationRow]) {
        var tables: [Table] = []
        for key in Self.unique(
            rows.map { TableKey(comparison: $0.comparison, steps: $0.steps, isGrouped: $0.group != nil) }
        ) {
            let own = rows.filter {
                $0.comparison == key.comparison && $0.steps == key.steps && ($0.group != nil) == key.isGrouped
            }
            let judges = Self.unique(own.map(\.judge))
            let families = Self.unique(own.map { $0.group ?? $0.family })
            var lines: [Line] = []
            for family in families {
                let ofFamily = own.filter { ($0.group ?? $0.family) == family }
                for judge in judges { lines += Self.line(family, judge, ofFamily) }
            }
            if families.count > 1 {
                for judge in judges { lines += Self.line(Self.everything, judge, own) }
            }
            tables.append(
                Table(
                    comparison: key.comparison,
                    steps: key.steps,
                    judges: judges,
                    degradations: Self.unique(own.map(\.degradation)),
                    lines: lines
                )
            )
        }
        self.tables = tables
    }

    private struct TableKey: Hashable {
        var comparison: EvaluatedComparison
        var steps: Int
        var isGrouped: Bool
    }

    private static func unique<Value: Hashable>(_ values: [Value]) -> [Value] {
        var seen: Set<Value> = []
        return values.filter { seen.insert($0).inserted }
    }

    private static func line(_ family: String, _ judge: String, _ rows: [EvaluationRow]) -> [Line] {
        let own = rows.filter { $0.judge == judge }
        guard !own.isEmpty else { return [] }
        let cells = Dictionary(grouping: own, by: \.degradation).mapValues { rows in
            var cell = Cell()
            for row in rows {
                cell.analyses += row.analyses
                cell.failed += row.failed
                cell.passed += row.passed
                cell.worst = max(cell.worst, row.failedShare)
            }
            let looks = rows.compactMap(\.medianLook).sorted()
            cell.medianLook = looks.isEmpty ? nil : looks[looks.count / 2]
            return cell
        }
        return [Line(family: family, judge: judge, families: unique(own.map(\.family)).count, cells: cells)]
    }
}

extension EvaluatedComparison {
    /// For a heading.
    var title: String {
        switch self {
        case .concurrent: "control at the same time"
        case .before: "held against its own past"
        }
    }
}

extension Degradation {
    /// The head of a column.
    var title: String {
        let ratio = "x\(ratio)".replacing(/\.0$/, with: "")
        switch shape {
        case _ where self.ratio == 1: return "healthy"
        case .step: return ratio
        case .ramp: return "ramp \(ratio)"
        case .half: return "half \(ratio)"
        }
    }
}
