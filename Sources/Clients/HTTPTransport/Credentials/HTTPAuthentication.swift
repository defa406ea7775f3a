/// How requests prove who sends them. Client certificates are in ``TLSOptions``.
package enum HTTPAuthentication: Sendable, Equatable {
    case none
    case bearer(Secret)
    case basic(user: String, password: Secret)

    /// The secret parts of what is sent.
    var secrets: [String] {
        switch self {
        case .none: []
        case .bearer(let token): [token.value]
        case .basic(let user, let password):
            [password.value, String(decoding: Base64.encode(Array("\(user):\(password.value)".utf8)), as: UTF8.self)]
        }
    }
}
