import SeededRandom

/// Equal within a relative tolerance; NaN equals NaN, an infinity only itself.
func same(_ left: Double, _ right: Double, within tolerance: Double = 1e-12) -> Bool {
    if left.isNaN || right.isNaN { return left.isNaN && right.isNaN }
    if left == right { return true }
    return (left - right).magnitude <= tolerance * max(left.magnitude, right.magnitude)
}

extension SeededGenerator {
    /// Samples around a level; roughly normal.
    mutating func samples(_ count: Int, around level: Double, spread: Double) -> [Double] {
        (0..<count).map { _ in
            level + spread * (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &self) }
        }
    }
}
