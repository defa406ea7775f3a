/// Names a session after the deploy event that opened it, so that the same event always gets the same session and its
/// verdicts the same ids, also after the store was lost.
package enum SessionID {
    /// 32 hexadecimal digits: FNV-1a with 128 bits over the lengths and bytes of source and id.
    /// Source of the constants: Fowler, Noll, Vo; RFC 9923.
    package static func make(for identity: EventIdentity) -> String {
        let prime: UInt128 = 0x0000_0000_0100_0000_0000_0000_0000_013B
        var hash: UInt128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D
        for part in [identity.source, identity.id] {
            for byte in Array("\(part.utf8.count):".utf8) + Array(part.utf8) {
                hash = (hash ^ UInt128(byte)) &* prime
            }
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }
}
