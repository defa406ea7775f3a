/// How much one side's rate varies of its own accord: the long-run variance of the relative rate per unit, beyond chance,
/// at growing time scales.
///
/// Blocks of 1, 2, 4, 8 and 16 units are compared with the mean; what slow noise adds shows at the longer blocks. It is
/// the variance of a negative binomial by moments, with a margin for the number of blocks.
package struct LearnedNoise: Sendable, Equatable {
    /// The scales in units.
    package static let scales = [1, 2, 4, 8, 16]
    /// Fewer units of history teach nothing.
    package static let fewestUnits = 12

    /// The variance at each scale, ascending; 1 to 5 numbers.
    package let variances: [Double]

    /// Variances that were learned and stored.
    ///
    /// - Throws: unless there are 1 to 5 numbers, finite and not negative.
    package init(variances: [Double]) throws(SequentialRuleError) {
        guard variances.count >= 1, variances.count <= Self.scales.count else {
            throw .number("the number of noise scales", Double(variances.count))
        }
        for variance in variances where !(variance >= 0 && variance <= 1e30) { throw .number("noise", variance) }
        self.variances = variances
    }

    /// Learns from the control's units before the event, oldest first, without units that have a gap; nil for fewer than
    /// 12. Units whose numbers are none or are negative are left out.
    ///
    /// - Parameter history: events and exposure (requests, or replica-seconds) of each unit.
    package init?(history: [(events: Double, exposure: Double)]) {
        let largest = LikelihoodRatioEngine.largestCount
        let units = history.filter {
            $0.events >= 0 && $0.exposure >= 0 && $0.events <= largest && $0.exposure <= largest
        }
        guard units.count >= Self.fewestUnits else { return nil }
        let events = units.reduce(0) { $0 + $1.events }
        let exposure = units.reduce(0) { $0 + $1.exposure }
        let rate = (events + 0.5) / max(exposure, 1e-9)
        var variances: [Double] = []
        for scale in Self.scales {
            let blocks = units.count / scale
            guard blocks >= 3 else { break }
            let variance = Double(scale) * Self.variance(units, rate, scale, blocks)
            let learned = variance * (1 + 3 / Double(blocks).squareRoot())
            variances.append(min(1e30, max(variances.last ?? 0, learned)))
        }
        self.variances = variances
    }

    /// The variance of the relative rate between blocks of units, beyond chance; 0 where chance explains it.
    private static func variance(
        _ units: [(events: Double, exposure: Double)],
        _ rate: Double,
        _ scale: Int,
        _ blocks: Int
    ) -> Double {
        var deviations = 0.0
        var squares = 0.0
        var means = 0.0
        for block in 0..<blocks {
            let part = units[block * scale..<(block + 1) * scale]
            let events = part.reduce(0) { $0 + $1.events }
            let mean = max(rate * part.reduce(0) { $0 + $1.exposure }, 1e-9)
            deviations += (events - mean) * (events - mean)
            squares += mean * mean
            means += mean
        }
        let count = Double(blocks)
        let variance = deviations / squares * count / (count - 1) - means / squares
        return variance > 1.5 * (2 / squares).squareRoot() ? variance : 0
    }

    /// The variance for a number of units: that of the largest scale that is not longer.
    package func variance(units: Int) -> Double {
        var index = 0
        while index + 1 < variances.count, Self.scales[index + 1] <= units { index += 1 }
        return variances[index]
    }
}
