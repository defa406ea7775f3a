/// One number for all samples of a side.
enum ConditionAggregate: Sendable, Equatable {
    case mean
    case median
    case minimum
    case maximum
    case sum
    case last
    case count
    case standardDeviation
    /// 1 to 99, of type 7.
    case percentile(Int)

    static let words = ["mean", "median", "min", "max", "sum", "last", "count", "stddev", "p50", "p95", "p99"]

    init?(word: String) {
        switch word {
        case "mean": self = .mean
        case "median": self = .median
        case "min": self = .minimum
        case "max": self = .maximum
        case "sum": self = .sum
        case "last": self = .last
        case "count": self = .count
        case "stddev": self = .standardDeviation
        default:
            guard word.first == "p", let percent = Int(word.dropFirst()), (1...99).contains(percent),
                word == "p\(percent)"
            else { return nil }
            self = .percentile(percent)
        }
    }

    /// NaN for no samples, except that their count is 0.
    func value(of side: CleanedSamples) -> Double {
        if case .count = self { return Double(side.count) }
        guard !side.isEmpty else { return .nan }
        return switch self {
        case .mean: side.moments.mean
        case .median: Quantile.type7(ofSorted: side.sorted, at: 0.5)
        case .minimum: side.sorted.lowest
        case .maximum: side.sorted.highest
        case .sum: side.values.reduce(0, +)
        case .last: side.values[side.count - 1]
        case .count: Double(side.count)
        case .standardDeviation: side.moments.variance.squareRoot()
        case .percentile(let percent): Quantile.type7(ofSorted: side.sorted, at: Double(percent) / 100)
        }
    }
}
