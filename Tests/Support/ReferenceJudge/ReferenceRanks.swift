/// Ranks of a pooled sample.
package enum ReferenceRanks {
    /// The rank of each value, counted from 1, equal values sharing the mean of their ranks.
    ///
    /// Equal means the same number of the same sign: -0.0 ranks below 0.0. NaN ranks as +infinity.
    package static func ranks(of values: [Double]) -> [Double] {
        let ordered = sorted(values)
        return values.map { value in
            let below = firstIndex(notBelow: value, in: ordered)
            let equal = ordered[below...].prefix { !isBelow(value, $0) }.count
            return Double(below) + (Double(equal) + 1) / 2
        }
    }

    /// Ascending, -0.0 before 0.0 and NaN as +infinity.
    package static func sorted(_ values: [Double]) -> [Double] {
        values.map(key).sorted().map(value)
    }

    /// The sum of the ranks of `x` among `x` and `y`, and Σ(t³ - t) over the groups of t equal values of both.
    ///
    /// All terms are whole or half numbers, so sums are exact up to 2^53 in any order.
    package static func sums(x: [Double], y: [Double]) -> (ranksOfX: Double, ties: Double) {
        let xKeys = x.map(key).sorted()
        let pooled = (xKeys + y.map(key)).sorted()
        var ranksOfX = 0.0
        var ties = 0.0
        var start = 0
        var taken = 0
        while start < pooled.count {
            var end = start
            while end < pooled.count, pooled[end] == pooled[start] { end += 1 }
            // Ranks start + 1 to end, whose mean is this.
            let rank = Double(start + end + 1) / 2
            while taken < xKeys.count, xKeys[taken] == pooled[start] {
                ranksOfX += rank
                taken += 1
            }
            let size = Double(end - start)
            ties += size * size * size - size
            start = end
        }
        return (ranksOfX, ties)
    }

    /// P(experiment > control) + P(equal) / 2 = (2R - m(m + 1)) / (2mn), R the experiment's rank sum.
    ///
    /// A. Vargha and H. D. Delaney (2000). NaN when a side is empty.
    package static func commonLanguageEffectSize(control: [Double], experiment: [Double]) -> Double {
        let m = Double(experiment.count)
        let n = Double(control.count)
        return (2 * sums(x: experiment, y: control).ranksOfX - m * (m + 1)) / (2 * n * m)
    }

    /// Whether `a` ranks below `b`.
    private static func isBelow(_ a: Double, _ b: Double) -> Bool { key(a) < key(b) }

    private static func firstIndex(notBelow value: Double, in ordered: [Double]) -> Int {
        ordered.firstIndex { !isBelow($0, value) } ?? ordered.count
    }

    /// An integer in the order of the numbers: the magnitude's bits, negated and one lower for negative numbers.
    private static func key(_ value: Double) -> Int64 {
        let number = value.isNaN ? .infinity : value
        let magnitude = Int64(number.magnitude.bitPattern)
        return number.sign == .minus ? -magnitude - 1 : magnitude
    }

    private static func value(_ key: Int64) -> Double {
        key < 0 ? -Double(bitPattern: UInt64(-(key + 1))) : Double(bitPattern: UInt64(key))
    }
}
