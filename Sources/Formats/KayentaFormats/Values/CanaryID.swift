package import Analysis

/// The names of what is made here, in the forms that Kayenta gives them.
package enum CanaryID {
    /// Crockford's letters.
    private static let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

    /// A ULID, as Orca names executions: in the order of time.
    package static func execution(at now: Timestamp) -> String {
        var text = encoded(UInt64(clamping: max(0, now.milliseconds)), 10)
        for _ in 0..<2 { text += encoded(.random(in: 0..<(1 << 40)), 8) }
        return text
    }

    /// Whether a name from outside can be one of a config or a list.
    package static func isUsable(_ id: String) -> Bool {
        (1...128).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || "-_.".utf8.contains(byte)
            }
    }

    private static func encoded(_ value: UInt64, _ count: Int) -> String {
        var value = value
        var letters: [Character] = []
        for _ in 0..<count {
            letters.append(digits[Int(value & 31)])
            value >>= 5
        }
        return String(letters.reversed())
    }
}
