/// ln of a sum of numbers that are given by their logarithms: evidence is averaged, and may be beyond what a number holds.
enum LogSum {
    /// Below it a part is nothing beside the largest in double precision.
    private static let negligible = -60.0

    /// ln of e^x₀ + e^x₁ + …, added in this order; minus infinity for none, and the largest where that is infinite.
    @inline(__always)
    static func of(_ count: Int, _ exponent: (Int) -> Double) -> Double {
        var largest = -Double.infinity
        for index in 0..<count where exponent(index) > largest { largest = exponent(index) }
        guard largest.isFinite else { return largest }
        var sum = 0.0
        for index in 0..<count {
            let difference = exponent(index) - largest
            if !(difference <= negligible) { sum += Elementary.exp(difference) }
        }
        return largest + Elementary.log(sum)
    }

    static func of(_ exponents: [Double]) -> Double { of(exponents.count) { exponents[$0] } }

    /// ln of the mean.
    static func ofMean(_ exponents: [Double]) -> Double { of(exponents) - Elementary.log(Double(exponents.count)) }

    /// ln of the mean of two.
    static func ofMean(_ one: Double, _ other: Double) -> Double {
        of(2) { $0 == 0 ? one : other } - Elementary.log(2)
    }
}
