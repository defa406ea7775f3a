extension Redaction {
    /// What a server says, without what may be a credential: servers and proxies echo requests in their error pages.
    ///
    /// - Parameter known: secrets that this process sends; they are found in the forms of ``EchoedSecret``.
    package static func words(_ text: String, known: [String] = []) -> String {
        // All that is shown of it is much shorter.
        var bytes = Array(String(text.unicodeScalars.prefix(16_384).map(Character.init)).utf8)
        for secret in known.sorted(by: { $0.utf8.count > $1.utf8.count }).compactMap(EchoedSecret.init) {
            bytes = secret.removed(from: bytes, mark: Array(mark.utf8))
        }
        var text = String(decoding: bytes, as: UTF8.self)
        for (pattern, replacement) in patterns { text = text.replacing(pattern.regex) { $0.1 + replacement } }
        return text
    }

    /// A regular expression is only read here, so that threads can share it.
    private struct Pattern: @unchecked Sendable {
        var regex: Regex<(Substring, Substring)>
    }

    private static let patterns: [(Pattern, String)] = [
        (Pattern(regex: #/(\b(?:bearer|basic|digest|negotiate)\s+)[a-z0-9._~+\/=-]{6,}/#.ignoresCase()), mark),
        (
            Pattern(
                regex:
                    #/(\b(?:authorization|cookie|set-cookie|password|passwd|secret|token|access_token|api[-_]?key|apikey|x-[a-z-]*(?:token|key|secret)[a-z-]*)["']?\s*[=:]\s*["']?)(?!<redacted>|bearer|basic|digest|negotiate)[^\s"',;&<]+/#
                    .ignoresCase()
            ),
            mark
        ),
        (Pattern(regex: #/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s\/@]+@/#.ignoresCase()), ""),
    ]
}
