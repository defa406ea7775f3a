/// Why Grafana did not do what it was asked, in one sentence.
package struct GrafanaError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// 401 or 403: the token is missing, wrong, expired or not allowed to.
        case unauthorized
        /// 404: there is no such annotation, or no such dashboard.
        case notFound
        /// Any other 4xx: the request itself is refused.
        case rejected
        /// Not reachable, overloaded or failing, or another writer came in between (409, 412).
        case unavailable
        /// The answer is not what the API promises.
        case malformedResponse
    }

    package let code: Code
    package let message: String
    /// How long Grafana asks to be left alone.
    package let retryAfter: Duration?

    package init(_ code: Code, _ message: String, retryAfter: Duration? = nil) {
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
    }

    package var description: String { message }

    /// Trying again later may help. A refused token is among them: it can be renewed.
    package var isTransient: Bool { code == .unavailable || code == .unauthorized || code == .malformedResponse }
}
