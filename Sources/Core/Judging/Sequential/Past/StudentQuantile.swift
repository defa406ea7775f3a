import Glibc

/// Quantiles of Student's distribution with a whole number of degrees of freedom.
enum StudentQuantile {
    /// The number that is exceeded with probability `upper`, which lies between 0 and 1/2, with 1 degree of freedom or more.
    ///
    /// By halving, of the finite sums for the distribution (M. Abramowitz and I. A. Stegun, "Handbook of Mathematical
    /// Functions", 26.7.3 and 26.7.4).
    static func exceeded(with upper: Double, degrees: Int) -> Double {
        var low = 0.0
        var high = 1.0
        while high < 1e12, within(high, degrees) < 1 - 2 * upper { high *= 2 }
        for _ in 0..<200 {
            let middle = (low + high) / 2
            if middle == low || middle == high { break }
            if within(middle, degrees) < 1 - 2 * upper { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// The probability of a number between -t and t.
    private static func within(_ t: Double, _ degrees: Int) -> Double {
        let angle = atan(t / Double(degrees).squareRoot())
        let cosine = cos(angle)
        let isEven = degrees.isMultiple(of: 2)
        var term = isEven ? 1 : cosine
        var sum = degrees == 1 ? 0 : term
        var next = isEven ? 2 : 3
        while next <= degrees - (isEven ? 2 : 1) {
            term *= Double(next - 1) / Double(next) * cosine * cosine
            sum += term
            next += 2
        }
        return isEven ? sin(angle) * sum : 2 / Double.pi * (angle + sin(angle) * sum)
    }
}
