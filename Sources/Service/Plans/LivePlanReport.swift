import Analysis
package import Web

/// The answers to a plan's queries as a table, and whether a release could be judged by them.
package struct LivePlanReport: Sendable {
    private struct Row: Sendable {
        var metric: String
        var side: String
        var found: LiveSeries?
        var answer: String
        var isGood = true

        var cells: [String] {
            let (series, samples) = (found.map { "\($0.series.count)" }, found.map { "\($0.sampleCount)" })
            let history = found.map { $0.hasHistory ? "yes" : "no" }
            return [metric, side, series ?? "", samples ?? "", history ?? "", answer]
        }
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
        for side in metric.sides {
            guard let answer = answers[side] else { continue }
            switch answer {
            case .refused(let words), .outage(let words):
                add(Row(metric: question.name, side: side.rawValue, answer: words), isGood: false, metric)
            case .series(let found):
                let (answer, isGood) = LiveJudgement(question, plan).answer(to: found)
                let row = Row(metric: question.name, side: side.rawValue, found: found, answer: answer)
                add(row, isGood: isGood, metric)
            }
        }
        // What is told apart by a label is in the other rows as well.
        guard question.label == nil, let control = answers[.control]?.series,
            let experiment = answers[.experiment]?.series,
            let (answer, isGood) = LiveJudgement(question, plan).answer(to: control, and: experiment)
        else { return }
        add(Row(metric: question.name, side: "both", answer: answer), isGood: isGood, metric)
    }

    /// - Parameter answers: to what the query selects, without the zeros that stand in for it.
    mutating func add(_ answers: [Side: LiveAnswer], withoutZerosOf question: LiveQuestion) {
        guard !answers.isEmpty, answers.values.allSatisfy({ $0.series?.hasAnything == false }) else { return }
        let query = question.part == .events ? "the errors query" : "the query"
        let answer =
            "\(query) has no series without `or vector(0)`: either nothing of the kind has happened, or it selects nothing, as with a"
            + " wrong label"
        rows.append(Row(metric: question.name, side: answers.count > 1 ? "both" : "", answer: answer))
    }

    /// What is muted is shown and never waited for.
    private mutating func add(_ row: Row, isGood: Bool, _ metric: PlannedMetric) {
        var row = row
        row.isGood = isGood || metric.muted
        areQueriesGood = areQueriesGood && row.isGood
        rows.append(row)
    }

    /// The same for a caller over HTTP.
    package var tried: TriedPlan {
        TriedPlan(
            plan: plan.name,
            window: window,
            isGood: isGood,
            answers: rows.map { row in
                TriedPlan.Answer(
                    metric: row.metric,
                    side: row.side,
                    series: row.found?.series.count,
                    samples: row.found?.sampleCount,
                    hasHistory: row.found?.hasHistory,
                    answer: row.answer,
                    isGood: row.isGood
                )
            },
            outlooks: outlooks.map { metric, outlook in
                TriedPlan.Outlook(metric: metric.name, sentence: outlook.sentence, canDecide: outlook.canDecide)
            },
            outage: outage
        )
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
