package import Analysis

/// A rollout event as a controller published it, kept to the byte.
package struct StoredAction: Sendable, Equatable {
    /// 0 until it is stored; rises in the order of writing.
    package var sequence: Int64
    /// Of the action: the same in a repeat, and when the action is performed again.
    package var id: String
    /// The CloudEvents source: tells controllers of several groups apart, which may act on one verdict with actuators of
    /// one name.
    package var source: String
    package var session: String
    package var outcome: String
    package var at: Timestamp
    /// The CloudEvent in structured mode.
    package var event: [UInt8]

    /// Larger than any that a controller writes.
    package static let maximumEventBytes = 65_536
    private static let maximumNameBytes = 1024

    /// What is kept of one session. A controller acts on a session's verdict once, and again when it is asked to.
    package static let maximumOfSession = 200
    /// Of these, how many sources, ids and outcomes there may be: the newest of each is what tells a controller that it has
    /// answered a verdict, and stays.
    package static let maximumKindsOfSession = 100

    package init(
        sequence: Int64 = 0,
        id: String,
        source: String,
        session: String,
        outcome: String,
        at: Timestamp,
        event: [UInt8]
    ) {
        self.sequence = sequence
        self.id = id
        self.source = source
        self.session = session
        self.outcome = outcome
        self.at = at
        self.event = event
    }

    /// Whether it is larger than what is kept.
    package var isTooLarge: Bool {
        event.count > Self.maximumEventBytes
            || [id, source, outcome].contains { $0.utf8.count > Self.maximumNameBytes }
    }
}

/// What was done about a session, as far as it is kept.
package struct ActionHistory: Sendable, Equatable {
    /// Oldest first.
    package var actions: [StoredAction]
    /// How many more there were, which are not kept.
    package var dropped: Int

    package init(actions: [StoredAction] = [], dropped: Int = 0) {
        self.actions = actions
        self.dropped = dropped
    }
}

/// What became of an action that was handed in.
package enum RecordedAction: Sendable, Equatable {
    case stored
    /// The same action of the same controller and time is there already.
    case duplicate
    /// The session has as many sources, ids and outcomes as are kept; counted.
    case notKept
    /// There is no session that it could belong to.
    case unknownSession
}
