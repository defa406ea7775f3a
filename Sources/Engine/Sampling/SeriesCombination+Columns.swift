import Analysis

extension SeriesCombination {
    /// Makes one column of several of equal length; an instant at which all are missing stays missing.
    func combine(_ columns: [[Double]], count: Int) -> [Double] {
        (0..<count).map { index in
            let present = columns.lazy.map { $0[index] }.filter { !$0.isNaN }
            guard let first = present.first else { return .nan }
            switch self {
            case .sum: return present.reduce(0, +)
            case .average: return present.reduce(0, +) / Double(present.count)
            case .minimum: return present.reduce(first) { Swift.min($0, $1) }
            case .maximum: return present.reduce(first) { Swift.max($0, $1) }
            }
        }
    }
}
