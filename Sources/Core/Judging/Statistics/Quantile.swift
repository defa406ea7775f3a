/// Sample quantiles of type 7 (linear between order statistics).
///
/// R. J. Hyndman and Y. Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50 (1996), type 7.
enum Quantile {
    /// The quantile at `fraction` (0 to 1): with h = 1 + (n - 1) * fraction, x⌊h⌋ + (h - ⌊h⌋) * (x⌊h⌋₊₁ - x⌊h⌋).
    ///
    /// `sorted` is ascending and free of NaN. NaN for no samples. Between a finite and an infinite sample the result is
    /// infinite or NaN. Three roundings: within 2 units in the last place of the larger neighbour.
    static func type7<Sorted: RandomAccessCollection<Double>>(
        ofSorted sorted: Sorted,
        at fraction: Double
    ) -> Double where Sorted.Index == Int {
        guard let first = sorted.first, let last = sorted.last else { return .nan }
        guard sorted.count > 1 else { return first }
        let position = fraction == 1 ? Double(sorted.count) : 1 + Double(sorted.count - 1) * fraction
        guard position >= 1 else { return first }
        guard position < Double(sorted.count) else { return last }
        let floor = position.rounded(.down)
        let lower = sorted[Int(floor) - 1]
        let upper = sorted[Int(floor)]
        return lower + (position - floor) * (upper - lower)
    }
}
