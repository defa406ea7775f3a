import Analysis
import Prometheus

/// The answers to a plan's queries as a table, and whether a release could be judged by them.
package struct LivePlanReport: Sendable {
    private struct Row: Sendable {
        var metric: String
        var side: String
        var series = ""
        var samples = ""
        var history = ""
        var answer: String

        var cells: [String] { [metric, side, series, samples, history, answer] }
    }

    private let plan: AnalysisPlan
    private let window: TimeWindow
    private var rows: [Row] = []
    private var outlooks: [(metric: PlannedMetric, outlook: DetectionOutlook)] = []
    /// Every query can be judged by its answer, and some metric can decide.
    package var isGood: Bool { areQueriesGood && canDecide }
    private var areQueriesGood = true
    private var canDecide: Bool {
        let deciding = outlooks.filter { $0.metric.role != .info }
        return deciding.isEmpty || deciding.contains { $0.outlook.canDecide }
    }
    /// Why the back end cannot be asked.
    package internal(set) var outage: String?

    init(plan: AnalysisPlan, window: TimeWindow) {
        self.plan = plan
        self.window = window
    }

    mutating func add(_ outlook: DetectionOutlook, of metric: PlannedMetric) { outlooks.append((metric, outlook)) }

    mutating func add(_ answers: [Side: LiveAnswer], of question: LiveQuestion) {
        let metric = question.asked
        var found: [Side: [[Double]]] = [:]
        for side in metric.sides {
            guard let answer = answers[side] else { continue }
            var row = Row(metric: question.name, side: side.rawValue, answer: "ok")
            var isGood = true
            switch answer {
            case .refused(let words), .outage(let words): (row.answer, isGood) = (words, false)
            case .series(let series, let hasHistory):
                let samples = series.map { $0.values.count { !$0.isNaN } }.max() ?? 0
                (row.series, row.samples, row.history) = ("\(series.count)", "\(samples)", hasHistory ? "yes" : "no")
                (row.answer, isGood) = judgement(of: question, series: series.count, samples: samples)
                if series.count == 1 || question.part == .buckets { found[side] = series.map(\.values) }
            }
            // What is muted is shown and never waited for.
            areQueriesGood = areQueriesGood && (isGood || metric.muted)
            rows.append(row)
        }
        guard let control = found[.control], let experiment = found[.experiment], Self.areSame(control, experiment)
        else {
            return
        }
        let isSuspicious = Set(control.joined().filter { !$0.isNaN }).count > 1
        rows.append(
            Row(
                metric: question.name,
                side: "both",
                answer: isSuspicious
                    ? "both sides have the same samples: the query does not tell them apart"
                    : "both sides have the same constant samples"
            )
        )
        if isSuspicious, !metric.muted { areQueriesGood = false }
    }

    private func judgement(of question: LiveQuestion, series: Int, samples: Int) -> (String, Bool) {
        let metric = question.asked
        if question.part == .buckets, series == 1 { return ("1 series where buckets by le are meant", false) }
        if series > 1, metric.combine == nil, question.part != .buckets {
            return ("\(series) series where one is meant, and no combine", false)
        }
        if samples == 0 {
            switch metric.noData {
            case .zero: return ("no samples: counted as 0", true)
            case .pass: return ("no samples: the metric would be left out", true)
            case .hold: return ("no samples: the analysis would wait", false)
            case .fail: return ("no samples: the metric would fail", false)
            }
        }
        if samples < plan.minimumSamples, metric.noData != .zero {
            return ("\(samples) of \(plan.minimumSamples) samples needed", false)
        }
        return (series > 1 && question.part != .buckets ? "ok, combined" : "ok", true)
    }

    /// Bit for bit, and not empty.
    private static func areSame(_ control: [[Double]], _ experiment: [[Double]]) -> Bool {
        let (one, other) = (Array(control.joined()), Array(experiment.joined()))
        return control.count == experiment.count && one.count == other.count && one.contains { !$0.isNaN }
            && zip(one, other).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }
    }

    /// The table, a line each.
    package var lines: [String] {
        let step = plan.schedule.step
        let head =
            "plan \(plan.name): \(window.duration.compactText) by \(step.compactText), "
            + "\(window.sampleCount(step: step)) samples a side, up to \(window.end.rfc3339)"
        guard !rows.isEmpty else { return [head] }
        let table = [["metric", "side", "series", "samples", "history", "answer"]] + rows.map(\.cells)
        let widths = (0..<5).map { column in table.map { $0[column].count }.max() ?? 0 }
        let found = outlooks.map { "  \($0.metric.name): \($0.outlook.sentence)" }
        let never =
            canDecide
            ? []
            : ["  no metric can decide at these counts: lengthen the lifetime, or give the new version more requests"]
        return [head]
            + table.map { cells in
                let padded = cells.enumerated().map { index, cell in
                    switch index {
                    case 5: cell
                    case 2, 3: String(repeating: " ", count: widths[index] - cell.count) + cell
                    default: cell + String(repeating: " ", count: widths[index] - cell.count)
                    }
                }
                return "  " + padded.joined(separator: "  ")
            } + found + never
    }
}
