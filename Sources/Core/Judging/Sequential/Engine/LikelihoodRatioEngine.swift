/// Likelihood ratios of two rates, summed over units of time, for several runs that start one after another.
///
/// Given the events of both sides in a unit, those of the experiment are binomial with odds `ratio * w / (1 - w)`, w being
/// its share of the exposure: load, season and incidents that hit both sides alike cancel, and w may change from unit to
/// unit. J. Przyborowski and H. Wilenski, "Homogeneity of Results in Testing Samples from Poisson Series", Biometrika 31
/// (1940). The sums are independent of age, and add up over shards of the same units.
package struct LikelihoodRatioEngine: Sendable, Equatable {
    /// The largest count, exposure or number of events that is taken; beyond it a number is a mistake.
    package static let largestCount = 1e15

    /// The tests behind `logFail` and `logPass`.
    package let fail: RatioMixture
    package let pass: RatioMixture
    /// What each run has counted.
    private(set) var tallies: [RunTally]
    /// The sums of n * ln(1 + w * (ratio - 1)): one for each point of the grid, run after run.
    private(set) var sums: [Double]

    /// What a run has counted besides the sums over the grid.
    struct RunTally: Sendable, Equatable {
        /// Events of the experiment, and of both sides.
        var events = 0.0
        var total = 0.0
        /// The sums at the bounds of the two tests.
        var failSum = 0.0
        var passSum = 0.0
    }

    /// Nothing seen yet, in 1 or more runs.
    package init(fail: RatioMixture, pass: RatioMixture, runs: Int = 1) {
        self.init(
            fail: fail,
            pass: pass,
            tallies: Array(repeating: RunTally(), count: max(runs, 1)),
            sums: Array(repeating: 0, count: max(runs, 1) * RatioGrid.count)
        )
    }

    /// Goes on with what was counted; `sums` has the grid's size for each tally.
    init(fail: RatioMixture, pass: RatioMixture, tallies: [RunTally], sums: [Double]) {
        self.fail = fail
        self.pass = pass
        self.tallies = tallies
        self.sums = sums
    }

    /// Adds a unit to the first `runs` runs.
    ///
    /// - Parameters:
    ///   - events: of the experiment, 0 or more; parts of events are fine.
    ///   - total: events of both sides, at least `events`.
    ///   - share: the experiment's share of the exposure, 0 to 1. At 0 and at 1 a unit says nothing and adds nothing.
    /// - Returns: false for a unit that is refused: numbers that are none, or are negative, or contradict each other.
    @discardableResult
    package mutating func add(_ events: Double, of total: Double, share: Double, runs: Int = 1) -> Bool {
        guard share >= 0, share <= 1 else { return false }
        return add(events, of: total, ShareTerms(share, fail, pass), runs: runs)
    }

    /// The same with the terms of a share, which may be those of other engines with the same tests.
    @discardableResult
    mutating func add(_ events: Double, of total: Double, _ terms: borrowing ShareTerms, runs: Int) -> Bool {
        guard events >= 0, total >= events, total <= Self.largestCount else { return false }
        guard terms.share > 0, terms.share < 1 else { return true }
        let runs = min(max(runs, 0), tallies.count)
        for run in 0..<runs {
            tallies[run].events += events
            tallies[run].total += total
        }
        let atPoints = terms.atPoints.span
        for run in 0..<runs {
            let offset = run * RatioGrid.count
            var sums = sums.mutableSpan
            for point in 0..<RatioGrid.count { sums[offset + point] += total * atPoints[point] }
            tallies[run].failSum += total * terms.atFail
            tallies[run].passSum += total * terms.atPass
        }
        return true
    }

    /// ln of the evidence for a ratio above the failing bound (or on the side that its test names).
    package func logFail(dispersion: Double = 1, run: Int = 0) -> Double {
        logEvidence(fail, tallies[run].failSum, dispersion, run)
    }

    /// ln of the evidence for a ratio below the passing bound.
    package func logPass(dispersion: Double = 1, run: Int = 0) -> Double {
        logEvidence(pass, tallies[run].passSum, dispersion, run)
    }

    private func logEvidence(_ mixture: RatioMixture, _ boundSum: Double, _ dispersion: Double, _ run: Int) -> Double {
        let tally = tallies[run]
        guard tally.total > 0 else { return 0 }
        let offset = run * RatioGrid.count
        return mixture.logEvidence(events: tally.events, dispersion: dispersion, boundSum: boundSum) {
            sums[offset + $0]
        }
    }

    /// The ratio with the largest likelihood, of the grid; nil while there are no events. At an end of the grid it means
    /// 32 or more, or 1/32 or less.
    package func estimate(run: Int = 0) -> Double? {
        guard tallies[run].total > 0 else { return nil }
        let grid = RatioGrid.logRatios
        let offset = run * RatioGrid.count
        let events = tallies[run].events
        var best = 0
        var largest = -Double.infinity
        for point in 0..<RatioGrid.count {
            let likelihood = grid[point] * events - sums[offset + point]
            if likelihood > largest { (best, largest) = (point, likelihood) }
        }
        return Elementary.exp(grid[best])
    }

    /// The ratios of the grid that are not excluded at a level (0.05: 95 % confidence), at whatever time they are looked
    /// at: those against which the two-sided mixture has evidence below 1 / level.
    package func interval(level: Double, dispersion: Double = 1, run: Int = 0) -> ClosedRange<Double> {
        let weights = RatioGrid.logIntervalWeights
        let grid = RatioGrid.logRatios
        let scale = 1 / dispersion
        let offset = run * RatioGrid.count
        let events = tallies[run].events
        var likelihoods = InlineArray<81, Double>(repeating: 0)
        for point in 0..<RatioGrid.count {
            likelihoods[point] = (grid[point] * events - sums[offset + point]) * scale
        }
        let limit = LogSum.of(RatioGrid.count) { weights[$0] + likelihoods[$0] } + Elementary.log(level)
        var first = RatioGrid.count
        var last = -1
        for point in 0..<RatioGrid.count where likelihoods[point] > limit {
            first = min(first, point)
            last = point
        }
        guard first <= last else { return Elementary.exp(grid[0])...Elementary.exp(grid[RatioGrid.count - 1]) }
        return Elementary.exp(grid[first])...Elementary.exp(grid[last])
    }
}
