package import Analysis

/// One thing that happened to a session, in the order in which it was written.
package struct SessionChange: Sendable, Equatable {
    package enum What: Sendable, Equatable {
        case transition(SessionTransition)
        /// What the action tells is kept with the session.
        case action(id: String, source: String, outcome: String, at: Timestamp)
        /// A transition that this version cannot read.
        case unreadable
    }

    /// Of its kind: transitions and actions are numbered apart.
    package var number: Int64
    package var what: What
    package var session: String
    package var application: String
    package var environment: String
    /// Empty without one; nil where the store does not know it, as of rows of version 0.1.0.
    package var cluster: String?
    package var namespace: String?
    package var version: String

    package init(
        number: Int64,
        what: What,
        session: String,
        application: String,
        environment: String,
        cluster: String?,
        namespace: String?,
        version: String
    ) {
        self.number = number
        self.what = what
        self.session = session
        self.application = application
        self.environment = environment
        self.cluster = cluster
        self.namespace = namespace
        self.version = version
    }
}

/// A place in all changes.
package struct ChangePlace: Sendable, Equatable, CustomStringConvertible {
    package var transitions: NumberPlace
    package var actions: NumberPlace

    package init(transitions: NumberPlace, actions: NumberPlace) {
        self.transitions = transitions
        self.actions = actions
    }

    /// `120.7`, as `description` writes it; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in
            part.utf8.allSatisfy { (48...57).contains($0) } ? Int64(part) : nil
        }
        guard parts.count == 2, numbers.count == 2, numbers.allSatisfy({ $0 < .max / 2 }) else { return nil }
        self.init(transitions: NumberPlace(after: numbers[0]), actions: NumberPlace(after: numbers[1]))
    }

    /// A reader that goes on from it misses nothing, and may get again what came last.
    package var description: String { "\(transitions.settled).\(actions.settled)" }

    /// True the first time that the change comes.
    package mutating func pass(_ change: SessionChange) -> Bool {
        switch change.what {
        case .transition, .unreadable: transitions.pass(change.number)
        case .action: actions.pass(change.number)
        }
    }

    /// All that is visible has been passed.
    package mutating func endLook() {
        transitions.endLook()
        actions.endLook()
    }
}
