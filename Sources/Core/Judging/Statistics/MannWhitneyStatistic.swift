/// The standardised Mann-Whitney statistic of two samples as a function of a shift between them.
///
/// H. B. Mann and D. R. Whitney, "On a Test of Whether one of Two Random Variables is Stochastically Larger than the
/// Other", Annals of Mathematical Statistics 18 (1947); normal approximation with tie correction and a continuity
/// correction of one half, as R's `wilcox.test(exact = FALSE, correct = TRUE)` has it.
///
/// Counts and tie sums are whole numbers and exact up to 2^53 (samples of up to 200,000 together); what follows rounds a
/// handful of times, so that z is within 5 units in the last place of its value.
struct MannWhitneyStatistic: Sendable {
    /// Once shifted, all values of both samples are equal: the statistic has no scale.
    struct AllTied: Error, Equatable {}

    private let x: Double
    private let y: Double
    /// The deviation changes with ties only, which are nearly always the same.
    private var tieSum = Double.nan
    private var deviation = Double.nan

    /// For samples of these sizes.
    init(experiment: Int, control: Int) {
        x = Double(experiment)
        y = Double(control)
    }

    /// z = (w - sign(w) / 2) / σ, falling as the shift grows.
    ///
    /// With m = |x|, n = |y|, N = m + n: w = #{y < x} + #{y = x} / 2 - mn / 2, which is the rank sum of x less its mean, and
    /// σ² = mn/12 * (N + 1 - Σ(t³ - t) / (N(N - 1))).
    mutating func value(_ counts: ShiftedRanks.Counts) throws(AllTied) -> Double {
        if counts.tieSum != tieSum {
            tieSum = counts.tieSum
            let variance = (x * y / 12) * ((x + y + 1) - tieSum / ((x + y) * (x + y - 1)))
            deviation = variance.squareRoot()
        }
        guard deviation != 0 else { throw AllTied() }
        let excess = (Double(counts.doubledBelow) - x * y) / 2
        let correction = excess > 0 ? 0.5 : excess < 0 ? -0.5 : 0
        return (excess - correction) / deviation
    }
}
