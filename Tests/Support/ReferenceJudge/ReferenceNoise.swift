/// Reproducible noise for two constant sides, which a rank test alone cannot tell apart.
///
/// Part of the product's definition, not of Kayenta's: Kayenta draws Gaussian noise from an unseeded generator.
enum ReferenceNoise {
    /// Each finite value plus 1e-5 of it times a roughly normal number: the sum of twelve uniform ones less 6 (Irwin-Hall).
    /// The experiment's numbers are drawn first. The generator is SplitMix64, seeded by FNV-1a over both sides.
    static func added(control: [Double], experiment: [Double]) -> (control: [Double], experiment: [Double]) {
        var state: UInt64 = 0xcbf2_9ce4_8422_2325
        for side in [control, experiment] {
            let words = [UInt64(side.count)] + side.map { $0 == 0 ? 0 : $0.bitPattern }
            for word in words { state = (state ^ word) &* 0x0000_0100_0000_01b3 }
        }
        func uniform() -> Double {
            state &+= 0x9e37_79b9_7f4a_7c15
            var word = state
            word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
            word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
            word ^= word >> 31
            return Double(word >> 11) / 0x1p53
        }
        func noisy(_ side: [Double]) -> [Double] {
            side.map { value in
                let normal = (0..<12).reduce(-6.0) { sum, _ in sum + uniform() }
                return side[0].isFinite ? value + normal * (side[0] * 1e-5) : value
            }
        }
        let noisyExperiment = noisy(experiment)
        return (noisy(control), noisyExperiment)
    }
}
