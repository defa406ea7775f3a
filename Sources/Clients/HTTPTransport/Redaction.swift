/// What must not reach a log or an error message.
package enum Redaction {
    package static let mark = "<redacted>"

    /// The URL without user, password, query and fragment.
    package static func url(_ url: String) -> String {
        // Scalar by scalar: a mark beside a delimiter makes another character of both.
        let scalars = url.unicodeScalars
        // A text without a scheme may still be an address, with a password in it.
        let start = scalars.firstRange(of: "://".unicodeScalars)?.upperBound ?? scalars.startIndex
        let rest = scalars[start...].prefix { $0 != "?" && $0 != "#" }
        let authorityEnd = rest.firstIndex { $0 == "/" || $0 == "\\" } ?? rest.endIndex
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
