import Analysis

/// Carries out actions on whatever delivers the releases.
///
/// A crash between acting and publishing leads to one repeat, so performing an action again must change nothing.
package protocol Actuator: Sendable {
    /// As settings and rollout events spell it, for example `argo-rollout`.
    var name: String { get }

    /// Whether the actuator has anything to do for such an action. `none` is never asked for.
    func handles(_ kind: ActionKind) -> Bool

    func perform(_ action: PlannedAction) async throws(ActuatorError) -> ActuatorOutcome
}

/// How an action ended that did not fail. The text says in one sentence what was done or found.
package enum ActuatorOutcome: Sendable, Equatable {
    case done(String)
    /// The release is already where the action would bring it.
    case alreadyDone(String)
    /// A guard keeps the actuator from acting; the release stays where it is and a person decides.
    case held(String)
}

/// Why an action was not performed, in one sentence.
package struct ActuatorError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// The back end is out of reach or overloaded; it may work later without any change.
        case transient
        /// The back end answered: the release is on its way to where the action can be performed.
        case notYet
        /// Will not work until a person changes something.
        case permanent
        /// The release has moved on: the verdict is about a revision that is no longer the one being rolled out.
        case superseded
    }

    package var code: Code
    package var message: String
    /// What a server asked for in `Retry-After`: seconds or a date.
    package var retryAfter: String?

    package init(_ code: Code, _ message: String, retryAfter: String? = nil) {
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
    }

    package var description: String { message }
}
