/// A Mann-Whitney test at 98 % confidence at each look on all samples since the start, and nothing to make up for the many
/// looks; with a gate only where the medians differ by more than 10 % as well.
///
/// Compared with the past, the control is the whole window of one lifetime before the event.
struct MannWhitneyRule: EvaluatedJudge {
    static let name = "mann-whitney"
    static let nameOfGated = "mann-whitney-gated"

    private let metrics: [EvaluatedMetric]
    /// What the ratio of the medians must exceed; 1 for none.
    private let gate: Double
    private let isBefore: Bool
    private var ranks: [RunningRanks]

    init(_ analysis: EvaluatedAnalysis, gate: Double) {
        metrics = analysis.metrics
        self.gate = gate
        isBefore = analysis.comparison == .before
        ranks = analysis.metrics.map { metric in
            var ranks = RunningRanks()
            for value in metric.earlier.suffix(analysis.planned) { ranks.add(control: value) }
            return ranks
        }
    }

    mutating func look(_ units: [EvaluatedUnit]) -> EvaluatedDecision? {
        var fails = false
        for (index, unit) in units.enumerated() {
            let sample = SampledUnit(unit, of: metrics[index])
            if !isBefore { ranks[index].add(control: sample.control) }
            ranks[index].add(experiment: sample.experiment)
            if isWorse(index) { fails = true }
        }
        return fails ? .fail : nil
    }

    func passesAtEnd() -> Bool { true }

    private func isWorse(_ index: Int) -> Bool {
        let falls = metrics[index].fallsWhenWorse
        let z = falls ? -ranks[index].statistic : ranks[index].statistic
        // 99 % of the normal distribution lie below it.
        guard z > 2.326347874040841 else { return false }
        let (control, experiment) = ranks[index].medians
        return falls ? experiment * gate <= control : experiment >= control * gate
    }
}

/// The rank sum of two samples that grow, one value after another.
struct RunningRanks {
    private var control: [Double] = []
    private var experiment: [Double] = []
    /// Twice the pairs in which the experiment is higher, and once those that are equal.
    private var doubledAbove = 0
    /// Sum of t³ - t over values that occur t times.
    private var tieSum = 0.0

    mutating func add(control value: Double) {
        guard !value.isNaN else { return }
        let others = Self.place(of: value, in: experiment)
        doubledAbove += 2 * (experiment.count - others.upperBound) + others.count
        let own = Self.place(of: value, in: control)
        addTie(Double(own.count + others.count))
        control.insert(value, at: own.upperBound)
    }

    mutating func add(experiment value: Double) {
        guard !value.isNaN else { return }
        let others = Self.place(of: value, in: control)
        doubledAbove += 2 * others.lowerBound + others.count
        let own = Self.place(of: value, in: experiment)
        addTie(Double(own.count + others.count))
        experiment.insert(value, at: own.upperBound)
    }

    private mutating func addTie(_ before: Double) { tieSum += 3 * before * before + 3 * before }

    /// The indices of equal values, empty at the place of insertion where there are none.
    private static func place(of value: Double, in sorted: [Double]) -> Range<Int> {
        func first(where holds: (Double) -> Bool) -> Int {
            var (low, high) = (0, sorted.count)
            while low < high {
                let middle = (low + high) / 2
                if holds(sorted[middle]) { high = middle } else { low = middle + 1 }
            }
            return low
        }
        return first { $0 >= value }..<first { $0 > value }
    }

    /// The standardised statistic with the correction for ties and for continuity; above 0 where the experiment is higher,
    /// and 0 as long as nothing can be compared.
    var statistic: Double {
        let (x, y) = (Double(experiment.count), Double(control.count))
        guard x > 0, y > 0 else { return 0 }
        let variance = (x * y / 12) * ((x + y + 1) - tieSum / ((x + y) * (x + y - 1)))
        guard variance > 0 else { return 0 }
        let excess = (Double(doubledAbove) - x * y) / 2
        let correction = excess > 0 ? 0.5 : excess < 0 ? -0.5 : 0
        return (excess - correction) / variance.squareRoot()
    }

    /// NaN for a side without values.
    var medians: (control: Double, experiment: Double) { (Self.median(control), Self.median(experiment)) }

    private static func median(_ sorted: [Double]) -> Double {
        guard !sorted.isEmpty else { return .nan }
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
