@testable import Prometheus

/// Values that would change a query if they were text of it.
enum HostileValues {
    static let all: [String] = [
        "\"} or vector(1) #", "'} or vector(1) #", "`} or vector(1) #", "\",track=\"canary", "a\nb", "a\r\nb", "\\",
        "\\\"",
        "\\'", "x\\", "\\x41", "\\n", "$1", "${1}", "$$", "$", "${version}", "${scope}", "${scope.pod}", "${step}",
        ".*",
        ".+|.*", "a|b", "a.b", "(?i)x", "[a-z]", "^a$", "a{2}", "\\Q", "\\E.*", "\\d+", "\u{0}", "a\u{0}b",
        "\u{1B}[31m", "\u{7F}",
        "\u{80}", "\u{85}", "\u{9F}", "\u{2028}", "\u{2029}", "\u{202E}evil", "\u{FEFF}", "\u{FFFD}", "\u{FFFF}",
        "e\u{301}",
        "\u{301}", "\u{301}\"", "é", "日本語", "👩‍👩‍👧", "\u{E0001}", "\u{10FFFF}", " ", "\t", "#", "# comment", "{}", "}", "{",
        "=~", "1", "abc",
        "a,b", "a=\"b\"", "/*", "--", ";", "%s", "\u{0B}\u{0C}\u{07}\u{08}",
    ]

    /// Random strings of the pieces that matter, the same in every run.
    static func random(_ count: Int) -> [String] {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        return (0..<count).map { _ in
            (0...next(6)).map { _ in all[next(all.count)] }.joined()
        }
    }

    /// Variables whose every text value is this one.
    static func variables(_ value: String) -> QueryVariables {
        QueryVariables(
            scope: [("track", value), ("pod", value)],
            values: Dictionary(uniqueKeysWithValues: QueryVariable.textNames.map { ($0, value) }),
            step: "60s",
            interval: "5m",
            window: "1h30m"
        )
    }

    /// What Go's regexp.QuoteMeta makes of a value.
    static func quoteMeta(_ value: String) -> String {
        var quoted = ""
        for scalar in value.unicodeScalars {
            if "\\.+*?()|[]{}^$".unicodeScalars.contains(scalar) { quoted += "\\" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted
    }
}
