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
}

/// A session and the version of its row: whoever writes it must name the version read.
package struct StoredSession: Sendable, Equatable {
    package var session: AnalysisSession
    package var version: Int64

    package init(session: AnalysisSession, version: Int64) {
        self.session = session
        self.version = version
    }
}

/// Who claims sessions, and until when they are held.
package struct LeaseClaim: Sendable, Equatable {
    package var owner: String
    package var now: Timestamp
    package var until: Timestamp

    package init(owner: String, now: Timestamp, until: Timestamp) {
        self.owner = owner
        self.now = now
        self.until = until
    }
}

/// Everything that one decision changes.
package struct StoreChange: Sendable, Equatable {
    /// The inbox event that is answered by the change, with what became of it.
    package var answered: (sequence: Int64, outcome: String, at: Timestamp)?
    /// New sessions; one that exists already is left alone (the event was answered before).
    package var opened: [AnalysisSession] = []
    /// Sessions to overwrite, each with the version it was read with. Writing ends any lease.
    package var written: [StoredSession] = []
    package var samples: [SampleBlock] = []
    package var verdicts: [Verdict] = []
    package var messages: [OutboxMessage] = []

    package init() {}

    package static func == (left: StoreChange, right: StoreChange) -> Bool {
        left.answered?.sequence == right.answered?.sequence && left.opened == right.opened
            && left.written == right.written && left.samples == right.samples && left.verdicts == right.verdicts
            && left.messages == right.messages
    }
}

/// A run of samples of one side of one metric, on the plan's grid.
package struct SampleBlock: Sendable, Equatable {
    package var session: String
    /// Index into the plan's metrics.
    package var metric: Int
    package var side: Side
    /// Grid instant of the first value; control samples of a `before` comparison stand at the experiment's instants.
    package var first: Timestamp
    package var step: Duration
    /// NaN marks a missing sample.
    package var values: [Double]

    package init(session: String, metric: Int, side: Side, first: Timestamp, step: Duration, values: [Double]) {
        self.session = session
        self.metric = metric
        self.side = side
        self.first = first
        self.step = step
        self.values = values
    }
}

package struct SessionQuery: Sendable, Equatable {
    package var application: String?
    package var environment: String?
    package var version: String?
    package var phase: AnalysisSession.Phase?
    /// Only sessions that come after this one in the listing: the last one of the page before.
    package var after: SessionCursor?
    /// 1 to 200.
    package var limit: Int

    package static let maximumLimit = 200

    package init(
        application: String? = nil,
        environment: String? = nil,
        version: String? = nil,
        phase: AnalysisSession.Phase? = nil,
        after: SessionCursor? = nil,
        limit: Int = 50
    ) {
        self.application = application
        self.environment = environment
        self.version = version
        self.phase = phase
        self.after = after
        self.limit = min(max(1, limit), Self.maximumLimit)
    }
}

/// A place in the listing of sessions: newest first, and by id where several were opened in the same millisecond.
package struct SessionCursor: Sendable, Equatable, CustomStringConvertible {
    package var openedAt: Timestamp
    package var id: String

    package init(openedAt: Timestamp, id: String) {
        self.openedAt = openedAt
        self.id = id
    }

    /// `2026-11-21T10:00:00.000Z/id`; a time alone stands before every session opened at it.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let time = parts.first.flatMap({ Timestamp(rfc3339: String($0)) }) else { return nil }
        self.init(openedAt: time, id: parts.count == 2 ? String(parts[1].prefix(128)) : "\u{10FFFF}")
    }

    package var description: String { "\(openedAt)/\(id)" }
}
