import SeededRandom

/// One series: a function of time alone, with a sample every second.
package struct SyntheticSeries: Sendable {
    /// In the order of their names, as Prometheus answers them.
    package let labels: [(name: String, value: String)]
    package let seed: UInt64
    /// Seconds since 1970 of the first and the last sample.
    package let seconds: ClosedRange<Int64>
    /// From this second on the values are three times as high; nil for never.
    package let badFrom: Int64?

    package init(
        labels: [(name: String, value: String)],
        seed: UInt64,
        seconds: ClosedRange<Int64>,
        badFrom: Int64? = nil
    ) {
        self.labels = labels
        self.seed = seed
        self.seconds = seconds
        self.badFrom = badFrom
    }

    /// Prometheus looks back this far for a sample, the sample's own time included.
    package static let lookback: Int64 = 300_000

    /// The value that a query at `time` (milliseconds) finds, in tenths; nil where there is none.
    package func tenths(at time: Int64) -> Int64? {
        let second = min(time.flooredDivision(by: 1000), seconds.upperBound)
        guard second >= seconds.lowerBound, time - second * 1000 <= Self.lookback else { return nil }
        let value = 900 + Int64(SeededGenerator.mix(seed ^ UInt64(bitPattern: second)) % 201)
        return badFrom.map { second >= $0 } ?? false ? value * 3 : value
    }
}

extension Int64 {
    fileprivate func flooredDivision(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
