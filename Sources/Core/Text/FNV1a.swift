/// The hash FNV-1a with 128 bits: the same on every machine and in every version, as stored names need it. It gives no
/// protection against an attacker who looks for two texts with one hash.
///
/// Source of the constants: Fowler, Noll, Vo; RFC 9923.
package enum FNV1a {
    private static let prime: UInt128 = 0x0000_0000_0100_0000_0000_0000_0000_013B
    private static let basis: UInt128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D

    package static func hash(_ bytes: some Sequence<UInt8>) -> UInt128 {
        bytes.reduce(basis) { ($0 ^ UInt128($1)) &* prime }
    }
}

/// The same hash with 64 bits, taken word by word.
package struct FNV1a64: Sendable {
    package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    package init() {}

    package mutating func add(_ word: UInt64) {
        value = (value ^ word) &* 0x0000_0100_0000_01B3
    }

    /// Of bytes, each a word of its own, as the standard has it.
    package static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash = FNV1a64()
        for byte in bytes { hash.add(UInt64(byte)) }
        return hash.value
    }
}
