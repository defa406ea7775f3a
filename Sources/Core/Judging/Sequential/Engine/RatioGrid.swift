/// The ratios of rates that are weighed against each other: 81 from 1/32 to 32, at equal steps (9 %) on the log scale.
///
/// The grid is part of what is stored: sums over it go on with the same points only.
package enum RatioGrid {
    /// The number of points.
    package static let count = 81

    /// ln of each ratio, ascending; the middle is 0.
    package static let logRatios: [Double] = {
        let logLargest = Elementary.log(32.0)
        return (0..<count).map { Double($0 - 40) * logLargest / 40 }
    }()

    /// ratio - 1 of each point.
    static let growths = logRatios.map { Elementary.exp($0) - 1 }

    /// ln(1 + (ratio - 1) / 2): what one event adds where both sides have half of the exposure.
    static let halfShareTerms = growths.map { Elementary.log1p($0 / 2) }

    /// ln of the weights of the two-sided mixture behind an interval: normal around 0 with spread 0.7, sum 1.
    static let logIntervalWeights: [Double] = {
        let weights = logRatios.map { Elementary.exp(-$0 * $0 / (2 * 0.7 * 0.7)) }
        let logSum = Elementary.log(weights.reduce(0, +))
        return weights.map { Elementary.log($0) - logSum }
    }()
}
