/// A small generator whose whole sequence follows from its seed: SplitMix64.
/// Source: G. Steele, D. Lea, C. Flood, "Fast Splittable Pseudorandom Number Generators", 2014.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// A generator of its own: what one part draws does not shift what another one draws.
    package mutating func split() -> SeededGenerator { SeededGenerator(seed: next()) }

    /// A number from 0 up to 1.
    package mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }

    package mutating func chance(_ probability: Double) -> Bool {
        probability > 0 && fraction() < probability
    }

    /// An index below `count`, which must be positive.
    package mutating func index(below count: Int) -> Int { Int(truncatingIfNeeded: next() % UInt64(count)) }

    package mutating func integer(_ range: ClosedRange<Int>) -> Int { range.lowerBound + index(below: range.count) }

    package mutating func element<Element>(of choices: [Element]) -> Element { choices[index(below: choices.count)] }

    package mutating func duration(_ range: ClosedRange<Duration>) -> Duration {
        let least = range.lowerBound.wholeMilliseconds
        return .milliseconds(least + Int64(next() % UInt64(range.upperBound.wholeMilliseconds - least + 1)))
    }

    /// Spreads the bits of a number over all bits.
    package static func mix(_ number: UInt64) -> UInt64 {
        var mixed = (number ^ (number >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension Duration {
    package var wholeMilliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
