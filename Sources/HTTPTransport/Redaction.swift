/// What must not reach a log or an error message.
package enum Redaction {
    package static let mark = "<redacted>"

    /// The URL without user, password, query and fragment.
    package static func url(_ url: String) -> String {
        // What has no scheme may be an address all the same, with a password in it.
        let start = url.firstRange(of: "://")?.upperBound ?? url.startIndex
        let rest = prefix(of: url[start...])
        let authorityEnd = rest.firstIndex { $0 == "/" || $0 == "\\" } ?? rest.endIndex
        // The last "@" ends the user part; a password may hold others.
        let hostStart = rest[..<authorityEnd].lastIndex(of: "@").map { rest.index(after: $0) } ?? rest.startIndex
        return bounded(url[..<start] + rest[hostStart...])
    }

    /// Whether a header's value may be a credential.
    package static func isSecret(headerName: String) -> Bool {
        let name = headerName.lowercased()
        return ["authorization", "cookie", "token", "secret", "api-key", "apikey", "password", "signature"]
            .contains { name.contains($0) }
    }

    private static func prefix(of url: Substring) -> Substring {
        url.prefix { $0 != "?" && $0 != "#" }
    }

    private static func bounded(_ text: some StringProtocol) -> String {
        Text.oneLine(text, maximumCharacters: 300)
    }
}
