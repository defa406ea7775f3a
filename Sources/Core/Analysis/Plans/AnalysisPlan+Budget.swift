/// How much work one analysis may make, whatever its plan's single values: each of these is within its own limit where
/// their product is not.
extension AnalysisPlan {
    /// Of all metrics and sides together, in one look. A look that starts late asks for all of them at once.
    package static let maximumSamplesPerLook = 200_000
    /// Of all metrics and sides together, over the lifetime: so many are kept.
    package static let maximumSamplesPerAnalysis = 1_000_000
    /// Looks times metrics: so many results are kept, and published.
    package static let maximumMetricResults = 100_000
    /// Of all queries together, which aliases of a file may repeat.
    package static let maximumQueryBytes = 1_048_576

    /// What is asked of all sides: metrics times their sides, twice where events and requests are asked for.
    private var columnCount: Int {
        metrics.reduce(0) { count, metric in
            if isSequential, case .counts = metric.input { return count + 2 * metric.sides.count }
            return count + metric.sides.count
        }
    }

    package var samplesAtLastLook: Int { columnCount * schedule.samplesAtLastLook }

    var budgetProblems: [PlanError] {
        guard metrics.count <= Self.maximumMetrics, schedule.problems.isEmpty else { return [] }
        var found: [PlanError] = []
        func bound(_ value: Int, _ budget: Int, _ what: String, _ remedy: String) {
            guard value > budget else { return }
            let problem = "\(what); one analysis may have \(budget): \(remedy)"
            found.append(PlanError(field: "metrics", problem: problem))
        }
        let perLook = samplesAtLastLook
        bound(
            perLook,
            Self.maximumSamplesPerLook,
            "\(columnCount) queries for \(schedule.samplesAtLastLook) samples each make \(perLook) samples a look",
            "lengthen the step, shorten the window, or split the plan"
        )
        let steps = Int(schedule.lifetime.milliseconds / max(1, schedule.step.milliseconds))
        bound(
            columnCount * steps,
            Self.maximumSamplesPerAnalysis,
            "\(columnCount) queries for \(steps) steps each make \(columnCount * steps) samples in all",
            "lengthen the step, or shorten the lifetime"
        )
        let looks = schedule.lookCount
        bound(
            looks * metrics.count,
            Self.maximumMetricResults,
            "\(metrics.count) metrics in \(looks) looks make \(looks * metrics.count) results",
            "lengthen the interval"
        )
        let bytes = metrics.reduce(0) { $0 + $1.query.utf8.count }
        bound(bytes, Self.maximumQueryBytes, "the queries have \(bytes) bytes together", "record them as rules")
        return found
    }
}
