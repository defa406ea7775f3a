extension Redaction {
    /// What a server says, without what may be a credential: servers and proxies echo requests in their error pages.
    ///
    /// - Parameter known: secrets that this process sends.
    package static func words(_ text: String, known: [String] = []) -> String {
        var text = text
        // A shorter secret would be found by chance, and blank out what explains the failure.
        for secret in known.sorted(by: { $0.count > $1.count }) where secret.utf8.count >= 4 {
            text = text.replacing(secret, with: mark)
        }
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
