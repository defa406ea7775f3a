extension VoteDispersion {
    /// The floor learned from pairs of both sides before the release: how much the signs about their median repeat each
    /// other, over 12 lags, and a margin for how few they are; nil for fewer than 12 pairs.
    ///
    /// - Parameter differences: one number for each step, oldest first: ln of the ratio of the sides, or their difference.
    ///   Those that are not finite are left out.
    package static func floor(pairs differences: [Double]) -> Double? {
        let differences = differences.filter(\.isFinite)
        guard differences.count >= 12 else { return nil }
        let middle = MedianOfSorted.of(differences.sorted())
        let signs = differences.map { $0 > middle ? 1.0 : $0 < middle ? -1 : 0 }
        let count = Double(signs.count)
        let mean = signs.reduce(0, +) / count
        let variance = signs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        guard variance > 0 else { return 1 }
        var inflation = 1.0
        for lag in 1...12 where lag < signs.count {
            var covariance = 0.0
            for index in lag..<signs.count { covariance += (signs[index] - mean) * (signs[index - lag] - mean) }
            inflation += 2 * (1 - Double(lag) / 13) * covariance / variance
        }
        return max(1, 1 + (inflation - 1) * (1 + 3 / (count / 12).squareRoot()))
    }
}
