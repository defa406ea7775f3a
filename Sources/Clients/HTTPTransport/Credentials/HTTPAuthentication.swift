/// How requests prove who sends them. Client certificates are in ``TLSOptions``.
package enum HTTPAuthentication: Sendable, Equatable {
    case none
    case bearer(Secret)
    case basic(user: String, password: Secret)
}
