package import Analysis
import Judging

/// One change of an analysis' state. Form 2: its own number.
package struct TransitionForm: StoredForm {
    package static let newest = 2
    package static let name = "transition"

    package var form: Int?
    var session: String
    var at: Timestamp
    var replica: String
    var cause: String
    var from: String?
    var to: String
    var look: Int
    var reason: String
    /// Absent but with a look, and in what 0.1.0 has stored.
    var result: String?

    package init(_ transition: SessionTransition) {
        form = Self.newest
        session = transition.session
        at = transition.at
        replica = transition.replica
        cause = transition.cause.rawValue
        from = transition.from?.rawValue
        to = transition.to.rawValue
        look = transition.look
        reason = transition.reason
        result = transition.result?.rawValue
    }

    package func value() -> SessionTransition {
        SessionTransition(
            session: session,
            at: at,
            replica: replica,
            cause: SessionTransition.Cause(named: cause),
            from: from.map { SessionTransition.Phase(named: $0) },
            to: SessionTransition.Phase(named: to),
            look: look,
            reason: reason,
            result: result.map { JudgementResult(named: $0) }
        )
    }
}
