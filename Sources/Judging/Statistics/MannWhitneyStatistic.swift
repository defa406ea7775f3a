/// The standardised Mann-Whitney statistic of two samples as a function of a shift between them.
///
/// H. B. Mann and D. R. Whitney, "On a Test of Whether one of Two Random Variables is Stochastically Larger than the
/// Other", Annals of Mathematical Statistics 18 (1947); normal approximation with tie correction and a continuity
/// correction of one half, as R's `wilcox.test(exact = FALSE, correct = TRUE)` has it.
struct MannWhitneyStatistic {
    /// Once shifted, all values of both samples are equal: the statistic has no scale.
    struct AllTied: Error, Equatable {}

    private var x: [Double]
    private var sortedY: [TotalOrder]

    init(x: [Double], y: [Double]) {
        self.x = x
        sortedY = y.map(TotalOrder.init).sorted()
    }

    /// z(d) = (w - sign(w) / 2) / σ for x - d against y, falling as d grows.
    ///
    /// With m = |x|, n = |y|, N = m + n: w = (rank sum of x) - m(m + 1)/2 - mn/2 and
    /// σ² = mn/12 * (N + 1 - Σ(t³ - t) / (N(N - 1))).
    func callAsFunction(shift: Double) throws(AllTied) -> Double {
        let shifted = x.map { TotalOrder($0 - shift) }.sorted()
        let ranks = RankSum(ofSorted: shifted, amongSorted: sortedY)
        let m = Double(x.count)
        let n = Double(sortedY.count)
        let excess = ranks.first - m * (m + 1) / 2 - m * n / 2
        let correction = excess > 0 ? 0.5 : excess < 0 ? -0.5 : 0
        let variance = (m * n / 12) * ((m + n + 1) - ranks.ties / ((m + n) * (m + n - 1)))
        let sigma = variance.squareRoot()
        guard sigma != 0 else { throw AllTied() }
        return (excess - correction) / sigma
    }
}
