/// Quantiles and the fences made of them.
package enum ReferenceQuantile {
    /// The quantile of type 7 of Hyndman and Fan (1996): with h = 1 + (n - 1) * fraction, x⌊h⌋ + (h - ⌊h⌋) * (x⌊h⌋₊₁ - x⌊h⌋)
    /// of the ascending values. NaN for no values.
    package static func quantile(of values: [Double], at fraction: Double) -> Double {
        if values.isEmpty { return .nan }
        let ordered = values.sorted()
        let h = 1 + Double(values.count - 1) * fraction
        let floor = Int(h)
        if floor >= ordered.count { return ordered[ordered.count - 1] }
        let (below, above) = (ordered[floor - 1], ordered[floor])
        return below + (h - Double(floor)) * (above - below)
    }

    /// J. W. Tukey's fences at `factor` interquartile ranges, widened to the 1st and 99th percentile; NaN (excluding
    /// nothing) where an infinite value leaves them undefined.
    package static func fences(of values: [Double], factor: Double) -> (lower: Double, upper: Double) {
        let p1 = quantile(of: values, at: 0.01)
        let p25 = quantile(of: values, at: 0.25)
        let p75 = quantile(of: values, at: 0.75)
        let p99 = quantile(of: values, at: 0.99)
        let low = p25 - factor * (p75 - p25)
        let high = p75 + factor * (p75 - p25)
        return (
            lower: p1.isNaN || low.isNaN ? .nan : min(p1, low),
            upper: p99.isNaN || high.isNaN ? .nan : max(p99, high)
        )
    }
}
