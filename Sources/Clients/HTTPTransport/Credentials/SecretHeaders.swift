/// Headers that are secret as a whole: lines `name: value`, or the same separated by `;`. A line with `#` first is none.
package struct SecretHeaders: Sendable {
    private let secret: Secret

    /// Throws ``HTTPError`` `credentials` when the secret is not of that form now.
    package init(_ secret: Secret) throws(HTTPError) {
        self.secret = secret
        _ = try headers
    }

    /// The headers' values, to be taken out of what is shown, and their parts where they have some: what stands behind a
    /// scheme (`Bearer …`), and the cookies. Empty while the secret is not of that form.
    package var values: [String] {
        ((try? headers)?.fields ?? []).flatMap { field in
            let parts = field.value.split { $0.isWhitespace || $0 == ";" || $0 == "," }.map { part -> Substring in
                part.firstIndex(of: "=").map { part[part.index(after: $0)...] } ?? part
            }
            return [field.value] + parts.filter { $0.utf8.count >= 8 }.map { String($0) }
        }
    }

    /// Whether one of them may be a credential, by its name.
    package var hasCredentials: Bool {
        ((try? headers)?.fields ?? []).contains { Redaction.isSecret(headerName: $0.name) }
    }

    /// What the secret says now. Throws ``HTTPError`` `credentials`.
    var headers: HTTPHeaders {
        get throws(HTTPError) {
            var headers = HTTPHeaders()
            for line in secret.value.split(whereSeparator: { $0.isNewline || $0 == ";" }) {
                let line = line.trimmed
                if line.isEmpty || line.hasPrefix("#") { continue }
                guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else {
                    throw HTTPError(.credentials, "The secret headers are not lines of the form `name: value`.")
                }
                headers.append(
                    name: String(line[..<colon].trimmed),
                    value: String(line[line.index(after: colon)...].trimmed)
                )
            }
            return headers
        }
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
