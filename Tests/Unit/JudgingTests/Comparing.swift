/// Equal within a relative tolerance; NaN equals NaN, an infinity only itself.
func same(_ left: Double, _ right: Double, within tolerance: Double = 1e-12) -> Bool {
    if left.isNaN || right.isNaN { return left.isNaN && right.isNaN }
    if left == right { return true }
    return (left - right).magnitude <= tolerance * max(left.magnitude, right.magnitude)
}

/// A small seeded generator (SplitMix64), so that random tests are the same each time.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// Samples around a level; roughly normal.
    mutating func samples(_ count: Int, around level: Double, spread: Double) -> [Double] {
        (0..<count).map { _ in
            level + spread * (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &self) }
        }
    }
}
