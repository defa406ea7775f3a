/// How often the ratio of two sides fell between 81 points from 1/32 to 32, close to each other around 1 (1 %) and wider
/// apart farther out: enough for the median ratio and an interval for it, in a fixed size.
package struct RatioHistogram: Sendable, Equatable {
    /// ln of the points, ascending.
    static let points: [Double] = {
        func sinh(_ x: Double) -> Double { (Elementary.exp(x) - Elementary.exp(-x)) / 2 }
        let scale = Elementary.log(32.0) / sinh(40 * 0.108)
        return (0..<81).map { scale * sinh(Double($0 - 40) * 0.108) }
    }()

    /// How many ratios lie below the first point, between the first two, and so on.
    var cells = Array(repeating: 0, count: 82)
    var count = 0

    package init() {}

    /// Adds ln of a ratio; a number.
    mutating func add(_ logRatio: Double) {
        var first = 0
        var end = Self.points.count
        while first < end {
            let middle = (first + end) / 2
            if Self.points[middle] < logRatio { first = middle + 1 } else { end = middle }
        }
        cells[first] += 1
        count += 1
    }

    /// The median ratio, between two points by their distance; at the ends it means "or less" and "or more".
    package var median: Double? {
        guard count > 0 else { return nil }
        var below = 0
        var cell = 0
        while 2 * (below + cells[cell]) < count {
            below += cells[cell]
            cell += 1
        }
        let points = Self.points
        guard cell > 0 else { return Elementary.exp(points[0]) }
        guard cell < points.count else { return Elementary.exp(points[points.count - 1]) }
        // Equal values lie at the upper end of a cell. Where they are most of all, its middle would say something else.
        if points[cell] == 0, 2 * cells[cell] > count { return 1 }
        let part = (Double(count) / 2 - Double(below)) / Double(cells[cell])
        return Elementary.exp(points[cell - 1] + part * (points[cell] - points[cell - 1]))
    }

    /// The median ratios that are not excluded at a level, at any time: a point is excluded when the votes of the ratios
    /// above it, or of those below, have evidence of 1 / level; each with half of the weight.
    ///
    /// S. R. Howard and A. Ramdas, "Sequential Estimation of Quantiles with Applications to A/B Testing and Best-arm
    /// Identification", Bernoulli 28 (2022), has the principle; the evidence is that of `VoteEngine`.
    package func interval(level: Double, dispersion: Double) -> ClosedRange<Double>? {
        guard count > 0 else { return nil }
        let points = Self.points
        // The fewest votes on one side that exclude a point: by halving, since evidence grows with votes.
        var first = count / 2
        var end = count + 1
        while first < end {
            let middle = (first + end) / 2
            if excludes(middle, level, dispersion) { end = middle } else { first = middle + 1 }
        }
        let excluding = first
        var lower = 0
        var upper = points.count - 1
        var below = 0
        for point in points.indices {
            below += cells[point]
            if count - below >= excluding { lower = point }
            if below >= excluding {
                upper = point
                break
            }
        }
        return Elementary.exp(points[min(lower, upper)])...Elementary.exp(points[upper])
    }

    private func excludes(_ votes: Int, _ level: Double, _ dispersion: Double) -> Bool {
        guard votes <= count else { return true }
        let engine = VoteEngine(votes: Double(votes), count: Double(count))
        let mean = LogSum.ofMean(engine.logFor(dispersion: dispersion), engine.logAgainst(dispersion: dispersion))
        return mean >= -Elementary.log(level)
    }
}
