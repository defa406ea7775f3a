/// The standardised Mann-Whitney statistic: W(shift) of x - shift against y.
///
/// Normal approximation with tie correction and a continuity correction of one half, as R's
/// `wilcox.test(exact = FALSE, correct = TRUE)` has it.
package enum ReferenceStatistic {
    /// All values of both samples are equal once shifted, so the statistic has no scale.
    package struct AllTied: Error, Equatable {}

    /// (w - sign(w) / 2) / σ with m = |x|, n = |y|, N = m + n, w = R - m(m + 1)/2 - mn/2 (R the rank sum of x) and
    /// σ² = mn/12 * (N + 1 - Σ(t³ - t) / (N(N - 1))).
    package static func value(x: [Double], y: [Double], shift: Double) throws(AllTied) -> Double {
        let m = Double(x.count)
        let n = Double(y.count)
        let (ranks, ties) = ReferenceRanks.sums(x: x.map { $0 - shift }, y: y)
        let w = ranks - m * (m + 1) / 2 - m * n / 2
        let correction = w > 0 ? 0.5 : w < 0 ? -0.5 : 0
        let sigma = ((m * n / 12) * ((m + n + 1) - ties / ((m + n) * (m + n - 1)))).squareRoot()
        if sigma == 0 { throw AllTied() }
        return (w - correction) / sigma
    }
}
