/// Quantiles of the standard normal distribution.
enum NormalQuantile {
    /// The quantile at 0.99: an interval of 98 % confidence ends this many deviations from its middle.
    ///
    /// 2.32634787404084110089… (M. Abramowitz and I. A. Stegun, "Handbook of Mathematical Functions", table 26.5) to the
    /// nearest double; commons-math 3, which computes it from an approximation of the error function, has the same bits.
    static let at99Percent = 2.326347874040841
}
