extension ShiftInterval {
    /// The standard normal quantile at (1 - 0.98) / 2, as commons-math 3 computes it.
    private static let normalQuantile = -2.326347874040841
    private static let confidence = 0.98
    private static let boundFraction = 0.25

    /// The Mann-Whitney interval and estimate of the shift experiment - control, at 98 % confidence.
    ///
    /// The ends are the shifts at which the statistic reaches the normal quantiles; the estimate is where it reaches 0
    /// (continuity correction included, so any point of the flat part around the Hodges-Lehmann median). Where the level
    /// cannot be reached, with very few samples, the ends are the extreme differences of the samples. The bound is a
    /// quarter of the estimate's size. Neither sample may be empty.
    init(control: [Double], experiment: [Double]) throws(MannWhitneyStatistic.AllTied) {
        let statistic = MannWhitneyStatistic(x: experiment, y: control)
        let smallest = Self.extreme(experiment, by: <=) - Self.extreme(control, by: >=)
        let largest = Self.extreme(experiment, by: >=) - Self.extreme(control, by: <=)
        let atSmallest = try statistic(shift: smallest)
        let atLargest = try statistic(shift: largest)

        func shift(at quantile: Double) throws(MannWhitneyStatistic.AllTied) -> Double {
            try BrentRootFinder.root(
                from: smallest,
                to: largest,
                valueAtLower: atSmallest - quantile,
                valueAtUpper: atLargest - quantile
            ) { (shift: Double) throws(MannWhitneyStatistic.AllTied) in
                try statistic(shift: shift) - quantile
            }
        }
        func end(at quantile: Double) throws(MannWhitneyStatistic.AllTied) -> Double {
            if atSmallest - quantile <= 0 { return smallest }
            if atLargest - quantile >= 0 { return largest }
            return try shift(at: quantile)
        }

        let lower = try end(at: -Self.normalQuantile)
        let upper = try end(at: Self.normalQuantile)
        let estimate = try shift(at: 0)
        self.init(
            lower: lower,
            upper: upper,
            estimate: estimate,
            confidence: Self.confidence,
            bound: Self.boundFraction * estimate.magnitude
        )
    }

    /// The smallest or largest value; of equal values the first, which shows only in the sign of a zero.
    private static func extreme(_ values: [Double], by precedes: (Double, Double) -> Bool) -> Double {
        values.dropFirst().reduce(values.first ?? .nan) { precedes($0, $1) ? $0 : $1 }
    }
}
