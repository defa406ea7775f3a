import Analysis

/// A change of a session's state as the HTTP interface shows it.
struct TransitionSummary: Codable, Sendable {
    var session: String
    var at: Timestamp
    var replica: String
    var cause: String
    var from: String?
    var to: String
    var look: Int
    var reason: String

    init(_ transition: SessionTransition) {
        session = transition.session
        at = transition.at
        replica = transition.replica
        cause = transition.cause.rawValue
        from = transition.from?.rawValue
        to = transition.to.rawValue
        look = transition.look
        reason = transition.reason
    }
}
