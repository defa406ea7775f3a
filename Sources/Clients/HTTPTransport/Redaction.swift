/// What must not reach a log or an error message.
package enum Redaction {
    package static let mark = "<redacted>"

    /// The URL without user, password, query and fragment.
    ///
    /// An "@" behind the host may end a password that holds a "/", "?" or "#": then nothing but the scheme is shown.
    package static func url(_ url: String) -> String {
        // Scalar by scalar: a mark beside a delimiter makes another character of both.
        let scalars = url.unicodeScalars
        // A text without a scheme may still be an address, with a password in it.
        let start = scalars.firstRange(of: "://".unicodeScalars)?.upperBound ?? scalars.startIndex
        let whole = scalars[start...]
        let authorityEnd = whole.firstIndex { "/\\?#".unicodeScalars.contains($0) } ?? whole.endIndex
        guard !whole[authorityEnd...].contains("@") else { return bounded(url[..<start] + mark) }
        let rest = whole.prefix { $0 != "?" && $0 != "#" }
        // The last "@" ends the user part; a password may hold others.
        let hostStart = rest[..<authorityEnd].lastIndex(of: "@").map { rest.index(after: $0) } ?? rest.startIndex
        return bounded(url[..<start] + url[hostStart..<rest.endIndex])
    }

    /// Whether a header's value may be a credential.
    package static func isSecret(headerName: String) -> Bool {
        let name = headerName.lowercased()
        return ["authorization", "cookie", "token", "secret", "api-key", "apikey", "password", "signature"]
            .contains { name.contains($0) }
    }

    private static func bounded(_ text: some StringProtocol) -> String {
        Text.oneLine(text, maximumCharacters: 300)
    }
}
