package import Analysis

/// A deploy event as it came in.
package struct ReceivedEvent: Sendable, Equatable {
    package var event: DeployEvent
    package var receivedAt: Timestamp

    package init(event: DeployEvent, receivedAt: Timestamp) {
        self.event = event
        self.receivedAt = receivedAt
    }
}

package enum InboxOutcome: Sendable, Equatable {
    case accepted
    case duplicate
}

/// A stored event that waits for its answer.
package struct InboxEvent: Sendable, Equatable {
    /// Rises with the order of arrival.
    package var sequence: Int64
    package var event: DeployEvent
    package var receivedAt: Timestamp

    package init(sequence: Int64, event: DeployEvent, receivedAt: Timestamp) {
        self.sequence = sequence
        self.event = event
        self.receivedAt = receivedAt
    }
}

/// What the store knows about the release that an event is about, when the event is answered.
package struct ReleaseRecord: Sendable, Equatable {
    package var history: ReleaseHistory
    /// Those of the application in its environment, of every cluster and namespace, newest first.
    package var unfinished: [StoredSession]

    package init(history: ReleaseHistory = ReleaseHistory(), unfinished: [StoredSession] = []) {
        self.history = history
        self.unfinished = unfinished
    }
}

/// An event with the change that answered it.
package struct AnsweredEvent: Sendable, Equatable {
    package var event: InboxEvent
    package var change: StoreChange

    package init(event: InboxEvent, change: StoreChange) {
        self.event = event
        self.change = change
    }
}

/// How much waits, and since when the oldest does.
package struct Backlog: Sendable, Equatable {
    package var count: Int
    package var oldest: Timestamp?

    package init(count: Int, oldest: Timestamp?) {
        self.count = count
        self.oldest = oldest
    }
}
