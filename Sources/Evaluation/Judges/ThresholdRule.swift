/// The rule of many alerts: "the canary is above 1.2 times the control" in too many looks, each by itself.
///
/// Too many are more than a sixth of the planned looks for counts (10 of 60), and more than 5 % of them for values, which are
/// steadier. Compared with the past, the control is the median of the window before.
struct ThresholdRule: EvaluatedJudge {
    static let name = "threshold"
    static let limit = 1.2

    private let metrics: [EvaluatedMetric]
    private let references: [Double]
    private let allowed: [Double]
    private var exceeded: [Int]

    init(_ analysis: EvaluatedAnalysis) {
        metrics = analysis.metrics
        exceeded = analysis.metrics.map { _ in 0 }
        references = analysis.metrics.map { metric in
            MedianOfValues.of(metric.earlier.suffix(analysis.planned).filter { !$0.isNaN })
        }
        allowed = analysis.metrics.map { metric in
            if case .counts = metric.kind { return Double(analysis.planned) / 6 }
            return Double(analysis.planned) * 0.05
        }
    }

    mutating func look(_ units: [EvaluatedUnit]) -> EvaluatedDecision? {
        var fails = false
        for (index, unit) in units.enumerated() {
            let sample = SampledUnit(unit, of: metrics[index])
            let control = references[index].isNaN ? sample.control : references[index]
            let isWorse =
                metrics[index].fallsWhenWorse
                ? sample.experiment * Self.limit < control : sample.experiment > control * Self.limit
            if isWorse { exceeded[index] += 1 }
            if Double(exceeded[index]) > allowed[index] { fails = true }
        }
        return fails ? .fail : nil
    }

    func passesAtEnd() -> Bool { true }
}
