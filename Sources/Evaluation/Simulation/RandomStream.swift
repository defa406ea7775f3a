import Foundation

/// Random numbers that follow from a seed, on every machine alike: SplitMix64 (G. Steele, D. Lea, C. Flood, "Fast Splittable
/// Pseudorandom Number Generators", 2014), and distributions made from it by documented transforms.
package struct RandomStream: Sendable {
    private var state: UInt64
    private var spareNormal: Double?

    package init(seed: UInt64) {
        state = seed
    }

    /// A stream of its own for each combination of numbers.
    package init(seed: UInt64, _ numbers: UInt64...) {
        state = numbers.reduce(Self.mix(seed)) { Self.mix($0 &+ Self.mix($1 &+ 0x9E37_79B9_7F4A_7C15)) }
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    private static func mix(_ number: UInt64) -> UInt64 {
        var mixed = (number ^ (number >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number above 0 and below 1.
    package mutating func fraction() -> Double { (Double(next() >> 12) + 0.5) * 0x1p-52 }

    /// An index below `count`, which must be positive.
    package mutating func index(below count: Int) -> Int { Int(next() % UInt64(count)) }

    /// A standard normal number (the polar method of G. Marsaglia and T. A. Bray, 1964).
    package mutating func normal() -> Double {
        if let spare = spareNormal {
            spareNormal = nil
            return spare
        }
        while true {
            let x = 2 * fraction() - 1
            let y = 2 * fraction() - 1
            let square = x * x + y * y
            guard square < 1, square > 0 else { continue }
            let factor = (-2 * log(square) / square).squareRoot()
            spareNormal = y * factor
            return x * factor
        }
    }

    /// A number of events with this mean. Inversion below a mean of 10, above it W. Hörmann's transformed rejection ("The
    /// transformed rejection method for generating Poisson random variables", 1993, PTRS).
    package mutating func poisson(_ mean: Double) -> Double {
        guard mean > 0, mean.isFinite else { return 0 }
        guard mean >= 10 else {
            let limit = exp(-mean)
            var count = 0.0
            var product = fraction()
            while product > limit {
                count += 1
                product *= fraction()
            }
            return count
        }
        let b = 0.931 + 2.53 * mean.squareRoot()
        let a = -0.059 + 0.02483 * b
        let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
        let fast = 0.9277 - 3.6224 / (b - 2)
        while true {
            let u = fraction() - 0.5
            let v = fraction()
            let edge = 0.5 - u.magnitude
            let count = ((2 * a / edge + b) * u + mean + 0.43).rounded(.down)
            if edge >= 0.07, v <= fast { return count }
            guard count >= 0, edge >= 0.013 || v <= edge else { continue }
            let height = log(v * inverseAlpha / (a / (edge * edge) + b))
            if height <= count * log(mean) - mean - LogFactorial.of(count) { return count }
        }
    }

    /// Successes among `trials`. Inversion below a mean of 10, above it W. Hörmann's transformed rejection ("The generation
    /// of binomial random variates", 1993, BTRS).
    package mutating func binomial(_ trials: Double, _ probability: Double) -> Double {
        guard trials > 0, probability > 0 else { return 0 }
        guard probability < 1 else { return trials }
        if probability > 0.5 { return trials - binomial(trials, 1 - probability) }
        let odds = probability / (1 - probability)
        guard trials * probability >= 10 else {
            var mass = exp(trials * log1p(-probability))
            var rest = fraction()
            var count = 0.0
            while rest > mass, count < trials {
                rest -= mass
                mass *= odds * (trials - count) / (count + 1)
                count += 1
            }
            return count
        }
        let deviation = (trials * probability * (1 - probability)).squareRoot()
        let b = 1.15 + 2.53 * deviation
        let a = -0.0873 + 0.0248 * b + 0.01 * probability
        let alpha = (2.83 + 5.1 / b) * deviation
        let mode = ((trials + 1) * probability).rounded(.down)
        let atMode = LogFactorial.of(mode) + LogFactorial.of(trials - mode)
        while true {
            let u = fraction() - 0.5
            let v = fraction()
            let edge = 0.5 - u.magnitude
            let count = ((2 * a / edge + b) * u + trials * probability + 0.5).rounded(.down)
            guard count >= 0, count <= trials else { continue }
            if edge >= 0.07, v <= 0.92 - 4.2 / b { return count }
            let height = log(v * alpha / (a / (edge * edge) + b))
            let density =
                atMode - LogFactorial.of(count) - LogFactorial.of(trials - count) + (count - mode) * log(odds)
            if height <= density { return count }
        }
    }
}

/// ln n!
enum LogFactorial {
    private static let small: [Double] = (0..<16).reduce(into: []) {
        $0.append(($0.last ?? 0) + ($1 > 1 ? log(Double($1)) : 0))
    }

    /// Exact sums below 16, above them Stirling's series, whose error is below 1e-10 there.
    static func of(_ number: Double) -> Double {
        if number < 16 { return small[max(0, Int(number))] }
        let inverse = 1 / number
        let series = inverse / 12 - inverse * inverse * inverse / 360
        return (number + 0.5) * log(number) - number + 0.918_938_533_204_672_8 + series
    }
}
