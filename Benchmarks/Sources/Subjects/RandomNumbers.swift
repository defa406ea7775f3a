import Foundation

/// Random numbers, the same ones in every run: SplitMix64 (Steele, Lea, Flood 2014).
package struct RandomNumbers {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    /// Normally distributed, by the transform of Box and Muller (1958).
    package mutating func normal(mean: Double, deviation: Double) -> Double {
        let radius = (-2 * log(1 - uniform())).squareRoot()
        return mean + deviation * radius * cos(2 * .pi * uniform())
    }

    /// Whole numbers of the Poisson distribution, by multiplication (Knuth 1969); `mean` is small.
    package mutating func poisson(mean: Double) -> Double {
        let limit = exp(-mean)
        var product = uniform()
        var count = 0.0
        while product > limit {
            product *= uniform()
            count += 1
        }
        return count
    }

    package mutating func normals(_ count: Int, mean: Double, deviation: Double) -> [Double] {
        (0..<count).map { _ in normal(mean: mean, deviation: deviation) }
    }

    /// 0 to 1, without 1.
    private mutating func uniform() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((mixed ^ (mixed >> 31)) >> 11) * 0x1p-53
    }
}
