package import Analysis

/// A rollout event as a controller published it, kept to the byte.
package struct StoredAction: Sendable, Equatable {
    /// 0 until it is stored; rises in the order of writing.
    package var sequence: Int64
    /// Of the action: the same in a repeat, and when the action is performed again.
    package var id: String
    package var session: String
    package var at: Timestamp
    /// The CloudEvent in structured mode.
    package var event: [UInt8]

    /// Larger than any that a controller writes.
    package static let maximumEventBytes = 65_536

    package init(sequence: Int64 = 0, id: String, session: String, at: Timestamp, event: [UInt8]) {
        self.sequence = sequence
        self.id = id
        self.session = session
        self.at = at
        self.event = event
    }
}

/// What became of an action that was handed in.
package enum RecordedAction: Sendable, Equatable {
    case stored
    /// The same action of the same time is there already.
    case duplicate
    /// There is no session that it could belong to.
    case unknownSession
}
