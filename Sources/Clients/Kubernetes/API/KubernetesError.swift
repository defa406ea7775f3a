import HTTPTransport

/// Why the API did not do what it was asked, in one bounded sentence without credentials.
package struct KubernetesError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// 404: no such object, or no such subresource.
        case notFound
        /// 409: the object has changed since it was read. Read it again and decide again.
        case conflict
        /// 422, 400 and other refusals of what was sent.
        case invalid
        /// 401 and 403.
        case forbidden
        /// 415: this kind of patch is not for this kind of object.
        case unsupportedMediaType
        /// 408, 429, 5xx, no answer at all, no connection that can be trusted, or an answer that is not Kubernetes' own
        /// (a redirect, a proxy's page). A patch may or may not have been applied.
        case unavailable
        /// An answer that is not the object asked for, or is too large.
        case malformed
        /// A name that is not an RFC 1123 name. Nothing was sent.
        case invalidName
        /// The address or the request cannot be used.
        case misconfigured
    }

    package var code: Code
    package var message: String
    /// The answer's status, if there was an answer.
    package var status: Int?
    /// What the server asked for in `Retry-After`: seconds or a date.
    package var retryAfter: String?

    package init(_ code: Code, _ message: String, status: Int? = nil, retryAfter: String? = nil) {
        self.code = code
        self.message = message
        self.status = status
        self.retryAfter = retryAfter
    }

    /// Whether the same may work later without a change, once the object has been read again.
    package var isTransient: Bool { code == .unavailable || code == .conflict }

    package var description: String { message }
}

extension KubernetesError {
    static func invalidName(_ name: String, _ part: String) -> KubernetesError {
        let shown = Text.oneLine(name, maximumCharacters: 80)
        return KubernetesError(.invalidName, "\"\(shown)\" is not a valid Kubernetes \(part).")
    }

    /// An answer whose status is not 2xx.
    ///
    /// - Parameter status: the `Status` object in the answer. Kubernetes explains every refusal with one; without it
    ///   something between here and there has answered, whose refusal says nothing.
    init(
        _ response: HTTPResponse,
        to request: String,
        status object: KubernetesValue?,
        redacted: (String) -> String = { Redaction.words($0) }
    ) {
        let isOwn = object?["kind"]?.text == "Status"
        let code: Code =
            switch response.status {
            case _ where !isOwn: .unavailable
            case 401, 403: .forbidden
            case 404: .notFound
            case 409: .conflict
            case 415: .unsupportedMediaType
            case 408, 429, 500..<600: .unavailable
            case 400..<500: .invalid
            default: .malformed
            }
        var text = "\(request) was answered with status \(response.status)"
        let reason = Text.oneLine(
            isOwn ? redacted(object?["message"]?.text ?? "") : "this is not an answer of Kubernetes",
            maximumCharacters: 300
        )
        if !reason.isEmpty { text += ": \(reason)" }
        self.init(
            code,
            text.hasSuffix(".") || text.hasSuffix("…") ? text : text + ".",
            status: response.status,
            retryAfter: response.headers["Retry-After"].map { Text.oneLine($0, maximumCharacters: 64) }
        )
    }

    /// No answer.
    init(_ error: HTTPError) {
        let code: Code =
            switch error.code {
            case .responseTooLarge: .malformed
            case .invalidURL, .invalidRequest: .misconfigured
            default: .unavailable
            }
        self.init(code, error.message)
    }
}
