/// How far the values after a release have to lie from those before it.
enum BeforeAfterThreshold {
    /// ln of the ratio, from the same differences after earlier moments without a release: their mean, and as many of their
    /// deviations as one more such difference exceeds with probability `upper`; at least the margin.
    ///
    /// Exact for independent normal differences: the prediction interval of a further observation (G. J. Hahn and
    /// W. Q. Meeker, "Statistical Intervals", 1991).
    ///
    /// - Parameter differences: two or more.
    static func logRatio(_ differences: [Double], margin: Double, upper: Double = 0.005) -> Double {
        let count = Double(differences.count)
        let mean = differences.reduce(0, +) / count
        let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / (count - 1)).squareRoot()
        let quantile = StudentQuantile.exceeded(with: upper, degrees: differences.count - 1)
        return max(mean + quantile * (1 + 1 / count).squareRoot() * deviation, Elementary.log(margin))
    }
}
