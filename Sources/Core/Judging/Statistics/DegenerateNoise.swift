import Text

/// Small reproducible noise that tells two constant sides apart.
///
/// Two sides that are each constant, but differ, are all ties to a rank test. Kayenta adds Gaussian noise of 1e-5 of the
/// value from an unseeded generator, so that its answer for such metrics varies from run to run. Here the generator is
/// seeded by the samples: the same samples always give the same judgement. Its values come from adding twelve uniform
/// numbers (the Irwin-Hall distribution, mean 6, variance 1), which needs no function that differs between platforms.
struct DegenerateNoise {
    private static let scale = 1e-5
    private var state: UInt64
    private var deviation = 0.0

    /// Seeds the generator with both sides (FNV-1a over the bit patterns).
    init(control: NumberBuffer, experiment: NumberBuffer) {
        var hash = FNV1a64()
        Self.add(control, to: &hash)
        Self.add(experiment, to: &hash)
        state = hash.value
    }

    private static func add(_ side: NumberBuffer, to hash: inout FNV1a64) {
        hash.add(UInt64(side.count))
        // Zeros of both signs are one value to the test, so they are one value here.
        for value in side { hash.add(value == 0 ? 0 : value.bitPattern) }
    }

    /// Begins a side: its noise has one hundred-thousandth of its first value as standard deviation, so that zeros stay
    /// zeros. Infinite values stay as well: noise of their size would leave nothing to rank.
    mutating func begin(with first: Double) { deviation = first.isFinite ? first * Self.scale : 0 }

    /// The value with its noise.
    mutating func added(to value: Double) -> Double { value + normal() * deviation }

    private mutating func normal() -> Double {
        var sum = -6.0
        for _ in 0..<12 { sum += Double(next() >> 11) * 0x1p-53 }
        return sum
    }

    /// SplitMix64: G. L. Steele, D. Lea and C. H. Flood, "Fast Splittable Pseudorandom Number Generators" (2014).
    private mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
