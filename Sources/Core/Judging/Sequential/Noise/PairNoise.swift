/// How much the votes of a gauge repeat each other where nothing differs, learned from pairs of both sides before the release.
///
/// What counts is how a healthy pair would vote at the gate, in either direction: noise that never gets that far takes no
/// evidence away, however long its memory. Bartlett's estimate over 12 lags about the median of the pairs, against the
/// variance of fair votes, with a margin for how few pairs there are.
package struct PairNoise: Sendable, Equatable {
    /// The least dispersion of votes: 1 or more.
    package let floor: Double
    /// The steps that it was learned from.
    package let pairs: Int

    /// Fewer pairs teach nothing.
    package static let fewestPairs = 12
    private static let lags = 12
    /// Less than so many standard deviations of what chance makes counts as none.
    private static let significance = 1.5
    /// The variance of votes that go either way alike.
    private static let fairVariance = 0.25

    /// What was learned and stored.
    ///
    /// - Throws: for a floor below 1 or without bounds, and for too few pairs.
    package init(floor: Double, pairs: Int) throws(SequentialRuleError) {
        guard floor >= 1, floor <= 1e30 else { throw .number("the noise of pairs", floor) }
        guard pairs >= Self.fewestPairs else { throw .number("the number of pairs", Double(pairs)) }
        self.floor = floor
        self.pairs = pairs
    }

    /// Learns from the steps before the release, oldest first; nil for fewer than 12 that can be compared.
    init?(_ steps: [GaugeStep], by rule: GaugeRule) {
        var distances: [Double] = []
        var differences: [Double] = []
        for step in steps where step.isUsable {
            let difference = step.experiment - step.control
            switch rule.comparison {
            case .ratio:
                guard let ratio = rule.logRatio(step) else { continue }
                distances.append(ratio)
            case .difference: distances.append(difference)
            }
            differences.append(difference)
        }
        guard distances.count >= Self.fewestPairs else { return nil }
        let middle = (MedianOfSorted.of(distances.sorted()), MedianOfSorted.of(differences.sorted()))
        let gate = rule.comparison == .ratio ? rule.logGate : rule.absoluteFloor
        func votes(_ sign: Double) -> [Double] {
            zip(distances, differences).map { distance, difference in
                let isBeyond = sign * (distance - middle.0) > gate
                return isBeyond && sign * (difference - middle.1) > rule.absoluteFloor ? 1 : 0
            }
        }
        let repeated = [1, -1].map { Self.repetition(votes($0)) }
        let inflation = (repeated[0].inflation + repeated[1].inflation) / 2
        let chance = repeated.map(\.variance).max() ?? 0
        pairs = distances.count
        let number = Double(pairs)
        guard inflation > Self.significance * chance * Self.deviation(of: number) else {
            floor = 1
            return
        }
        floor = 1 + inflation * (1 + 3 / (number / Double(Self.lags)).squareRoot())
    }

    /// What the memory of votes adds to their variance, and that variance; both as parts of that of fair votes.
    private static func repetition(_ votes: [Double]) -> (inflation: Double, variance: Double) {
        let number = Double(votes.count)
        let mean = votes.reduce(0, +) / number
        var sum = 0.0
        for lag in 1...lags where lag < votes.count {
            var covariance = 0.0
            for index in lag..<votes.count { covariance += (votes[index] - mean) * (votes[index - lag] - mean) }
            sum += weight(lag) * covariance
        }
        return (2 * sum / number / fairVariance, mean * (1 - mean) / fairVariance)
    }

    /// Of the estimate, where votes have no memory.
    private static func deviation(of number: Double) -> Double {
        2 * ((1...lags).reduce(0) { $0 + weight($1) * weight($1) } / number).squareRoot()
    }

    private static func weight(_ lag: Int) -> Double { 1 - Double(lag) / Double(lags + 1) }
}
