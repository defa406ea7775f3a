/// Label values that try to leave their string, and random ones.
enum HostileValues {
    static let known = [
        "\"} or vector(1) #", "'} or vector(1) #", "` or vector(1) #", "\\", "\\\\", "\\\"", "\\\\\"", "\n", "\r\n",
        "a\nb",
        "\t", "$1", "${scope}", "${version}", "$$", "$${x}", "", " ", "{", "}", "{}", "a,b=\"c\"", "ü✓𝔸", "e\u{301}",
        "\u{301}",
        "\0", "a\0b", "\u{7F}", "\u{1B}[31m", "\u{FFFD}", "\u{FEFF}", "\u{2028}", ".*", "(", "[a-z]+", "a|b", "^$",
        "a.b", "\\d",
        "\\x41", "\\u0041", "%", "#", "# comment", "\u{202E}", "\r", "1.2.3+build-7",
    ]

    /// Reproducible values from characters that mean something somewhere.
    static func random(_ count: Int, seed: UInt64) -> [String] {
        var generator = SplitMix64(state: seed)
        let alphabet = Array("\"'`\\$${}()[]|.*+?^=~!#,\n\r\t\0 ab1é✓\u{301}\u{FFFD}𝔸".unicodeScalars)
        return (0..<count).map { _ in
            var value = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...12, using: &generator) {
                value.append(alphabet.randomElement(using: &generator) ?? "a")
            }
            return String(value)
        }
    }
}

/// Vigna's SplitMix64: a small generator whose sequences repeat.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
