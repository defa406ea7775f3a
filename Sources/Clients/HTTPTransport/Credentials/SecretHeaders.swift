/// Headers that are secret as a whole: lines `name: value`, or the same separated by `;`. A line with `#` first is none.
package struct SecretHeaders: Sendable {
    private let secret: Secret

    /// Throws ``HTTPError`` `credentials` when the secret is not of that form now.
    package init(_ secret: Secret) throws(HTTPError) {
        self.secret = secret
        _ = try headers
    }

    /// The headers' values, to be taken out of what is shown; empty while the secret is not of that form.
    package var values: [String] { ((try? headers)?.fields ?? []).map(\.value) }

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
