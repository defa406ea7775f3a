/// Finds the shifts at which the Mann-Whitney statistic of two samples has given values.
///
/// The statistic less a value is what a search asks for. What the ranks have learned of it in one search serves the next.
struct ShiftSearch {
    private var statistic: MannWhitneyStatistic
    /// The smallest and the largest difference of two samples. Beyond them the statistic does not change any more.
    private let smallest: Double
    private let largest: Double
    private var atSmallest = 0.0
    private var atLargest = 0.0

    init(
        _ statistic: MannWhitneyStatistic,
        from smallest: Double,
        to largest: Double,
        ranks: inout ShiftedRanks
    ) throws(MannWhitneyStatistic.AllTied) {
        self.statistic = statistic
        self.smallest = smallest
        self.largest = largest
        atSmallest = try self.statistic.value(ranks.counts(smallestShift: smallest))
        atLargest = try self.statistic.value(ranks.counts(largestShift: largest))
    }

    /// The shift at which the statistic crosses `value`, to within 1e-4.
    mutating func shift(at value: Double, _ ranks: inout ShiftedRanks) throws(MannWhitneyStatistic.AllTied) -> Double {
        var finder = BrentRootFinder(
            from: smallest,
            to: largest,
            valueAtLower: atSmallest - value,
            valueAtUpper: atLargest - value
        )
        while let shift = finder.next() {
            finder.record(try statistic.value(ranks.counts(shift: shift)) - value, at: shift)
        }
        return finder.root
    }

    /// The same, or one of the extreme differences where the statistic does not reach the value.
    mutating func end(at value: Double, _ ranks: inout ShiftedRanks) throws(MannWhitneyStatistic.AllTied) -> Double {
        if atSmallest - value <= 0 { return smallest }
        if atLargest - value >= 0 { return largest }
        return try shift(at: value, &ranks)
    }
}
