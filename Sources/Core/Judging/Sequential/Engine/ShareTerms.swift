/// ln(1 + share * (ratio - 1)) at each point of the grid and at the bounds of both tests: what one event adds to the sums of
/// a unit in which the experiment has a share of the exposure.
///
/// 83 logarithms, which everything that is counted in the same unit shares.
struct ShareTerms {
    /// The experiment's share of the exposure, 0 to 1.
    let share: Double
    let atPoints: InlineArray<81, Double>
    let atFail: Double
    let atPass: Double

    init(_ share: Double, _ fail: RatioMixture, _ pass: RatioMixture) {
        self.share = share
        atFail = Elementary.log1p(share * fail.growth)
        atPass = Elementary.log1p(share * pass.growth)
        let growths = RatioGrid.growths
        // Known once, the bounds are not checked at each point, and the loop runs in vectors.
        precondition(growths.count == RatioGrid.count)
        var atPoints = InlineArray<81, Double>(repeating: 0)
        for point in 0..<RatioGrid.count { atPoints[point] = Elementary.log1p(share * growths[point]) }
        self.atPoints = atPoints
    }
}
