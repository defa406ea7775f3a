/// What the processes of a simulation talk to.
package enum Peer: String, Sendable, CaseIterable {
    case store
    case bus
    case metrics
    /// Whatever delivers releases, and the webhook's receiver.
    case outside
}

/// Why a call has no answer.
package enum LinkFailure: Error, Sendable, Equatable {
    /// The caller itself has died: nothing that it does matters any more.
    case dead
    /// Nothing of it happened.
    case unreachable
    /// It happened, and its answer was lost.
    case answerLost
}
