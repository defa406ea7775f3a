package import Analysis

/// A deploy event as it came in.
package struct ReceivedEvent: Sendable, Equatable {
    package var event: DeployEvent
    package var receivedAt: Timestamp
    /// The event's own plan, as it was read at the door; nil where it has none.
    package var plan: AnalysisPlan?
    /// What it was read from.
    package var original: OriginalEvent?

    package init(
        event: DeployEvent,
        receivedAt: Timestamp,
        plan: AnalysisPlan? = nil,
        original: OriginalEvent? = nil
    ) {
        self.event = event
        self.receivedAt = receivedAt
        self.plan = plan
        self.original = original
    }
}

package enum InboxOutcome: Sendable, Equatable {
    case accepted
    /// The same event is there already, or the analysis that it opened.
    case duplicate
    /// Another event has its source and id: it is not taken in.
    case conflict(EventConflict)
}

/// A stored event that waits for its answer.
package struct InboxEvent: Sendable, Equatable {
    /// Rises with the order of arrival.
    package var sequence: Int64
    package var event: DeployEvent
    package var receivedAt: Timestamp
    /// The event's own plan; nil where it has none, or where it was received by a version that did not keep it.
    package var plan: AnalysisPlan?

    package init(sequence: Int64, event: DeployEvent, receivedAt: Timestamp, plan: AnalysisPlan? = nil) {
        self.sequence = sequence
        self.event = event
        self.receivedAt = receivedAt
        self.plan = plan
    }
}

/// A deploy event that was taken in, and what became of it.
package struct KnownEvent: Sendable, Equatable {
    package var event: DeployEvent
    /// For people; nil while it waits for its answer.
    package var outcome: String?

    package init(event: DeployEvent, outcome: String?) {
        self.event = event
        self.outcome = outcome
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
