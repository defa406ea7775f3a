import Analysis
import LoadRig
import SeededRandom

/// One series: a function of time alone, with a sample every second.
struct SyntheticSeries: Sendable {
    /// In the order of their names, as Prometheus answers them.
    let labels: [(name: String, value: String)]
    let seed: UInt64
    /// Seconds since 1970 of the first and the last sample.
    let seconds: ClosedRange<Int64>
    /// From this second on the values are three times as high; nil for never.
    let badFrom: Int64?

    /// Prometheus looks back this far for a sample, the sample's own time included.
    static let lookback: Int64 = 300_000

    /// The value that a query at `time` (milliseconds) finds, in tenths; nil where there is none.
    func tenths(at time: Int64) -> Int64? {
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
