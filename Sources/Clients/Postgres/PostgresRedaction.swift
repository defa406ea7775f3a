/// Takes out of texts what may be secret.
enum PostgresRedaction {
    static let mark = "…"

    /// The text without all that stands between its first and its last double quote, save names of database objects
    /// before that (`constraint "name"`).
    ///
    /// Values may hold quotes themselves, so where one ends cannot be told.
    static func quotedParts(of text: String) -> String {
        // Scalar by scalar: a value that begins with a mark makes another character of the quote before it.
        var rest = text.unicodeScalars[...]
        var result = ""
        while let open = rest.firstIndex(of: "\"") {
            let before = String(rest[..<open])
            let inside = rest[rest.index(after: open)...]
            let isName = ["constraint ", "relation ", "column ", "table "].contains { before.hasSuffix($0) }
            guard isName, let close = inside.firstIndex(of: "\"") else {
                let last = rest.lastIndex(of: "\"") ?? open
                return result + before + "\"" + Self.mark + "\"" + String(rest[rest.index(after: last)...])
            }
            result += String(rest[...close])
            rest = rest[rest.index(after: close)...]
        }
        return result + String(rest)
    }
}
