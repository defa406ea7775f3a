/// Pairs of samples of both sides, tied ones apart.
struct TiedPairs {
    var others = 0
    var ties = 0
    /// What the ties add to Σ(t³ - t).
    var tieSum = 0.0

    /// Adds s equal samples of one side with t of the other. Tied, they add 3st(s + t) to what the two have alone:
    /// (s + t)³ - (s + t) - (s³ - s) - (t³ - t).
    mutating func add(_ weights: (s: Int, t: Int), areTied: Bool) {
        let pairs = weights.s * weights.t
        if areTied {
            ties += pairs
            tieSum += 3 * Double(pairs) * Double(weights.s + weights.t)
        } else {
            others += pairs
        }
    }
}
