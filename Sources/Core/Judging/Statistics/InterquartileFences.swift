/// The range outside which a sample counts as an outlier of its own side.
///
/// J. W. Tukey's fences, p25 - f * q and p75 + f * q with q = p75 - p25, widened to the 1st and 99th percentile so
/// that a sample with a tiny interquartile range does not lose everything else.
struct InterquartileFences: Equatable {
    var lower: Double
    var upper: Double

    /// The fences of an ascending sample free of NaN; NaN (nothing is outside) for no samples. Beside the quantiles' own
    /// error there are three roundings.
    init(ofSorted sorted: NumberBuffer, factor: Double) {
        let p25 = Quantile.type7(ofSorted: sorted, at: 0.25)
        let p75 = Quantile.type7(ofSorted: sorted, at: 0.75)
        let range = p75 - p25
        lower = Self.smaller(Quantile.type7(ofSorted: sorted, at: 0.01), p25 - factor * range)
        upper = Self.larger(Quantile.type7(ofSorted: sorted, at: 0.99), p75 + factor * range)
    }

    /// A fence that is NaN (infinite samples) excludes nothing.
    func contains(_ value: Double) -> Bool {
        !(value > upper || value < lower)
    }

    private static func smaller(_ a: Double, _ b: Double) -> Double {
        a.isNaN || b.isNaN ? .nan : Swift.min(a, b)
    }

    private static func larger(_ a: Double, _ b: Double) -> Double {
        a.isNaN || b.isNaN ? .nan : Swift.max(a, b)
    }
}
