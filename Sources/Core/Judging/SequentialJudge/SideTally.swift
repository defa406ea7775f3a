/// What one side of a metric had so far, in a few numbers.
package struct SideTally: Sendable, Equatable {
    package internal(set) var coverage = SampleCoverage()
    package internal(set) var count = 0
    package internal(set) var mean = 0.0
    /// Σ(x - mean)².
    package internal(set) var squares = 0.0
    package internal(set) var minimum = 0.0
    package internal(set) var maximum = 0.0
    /// Which of the last 32 steps had no sample: a bit each, the latest first.
    var missing: UInt32 = 0

    /// Samples beyond it are left out of the description, so that its sums stay finite.
    private static let largest = 1e20

    package init() {}

    /// Takes in a step. Source: B. P. Welford, "Note on a method for calculating corrected sums of squares and products",
    /// Technometrics 4 (1962).
    mutating func add(_ value: Double) {
        coverage.add(value)
        missing = missing << 1 | (value.isNaN ? 1 : 0)
        guard value.magnitude <= Self.largest else { return }
        count += 1
        let deviation = value - mean
        mean += deviation / Double(count)
        squares += deviation * (value - mean)
        minimum = count == 1 ? value : min(minimum, value)
        maximum = count == 1 ? value : max(maximum, value)
    }

    /// How many samples have come since for the latest steps, of those that had none. They are told once.
    ///
    /// - Parameter values: of those steps as they read now, oldest first.
    mutating func late(_ values: [Double]) -> Int {
        var late = 0
        for (age, value) in values.reversed().prefix(UInt32.bitWidth).enumerated() where !value.isNaN {
            let bit = UInt32(1) << UInt32(age)
            guard missing & bit != 0 else { continue }
            missing &= ~bit
            late += 1
        }
        return late
    }

    package var statistics: SampleStatistics {
        SampleStatistics(
            count: count,
            mean: mean,
            standardDeviation: count > 1 ? (squares / Double(count - 1)).squareRoot() : 0,
            minimum: minimum,
            maximum: maximum
        )
    }
}
