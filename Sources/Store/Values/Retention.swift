package import Analysis

/// What is kept for a limited time.
package enum RetainedKind: String, Sendable, CaseIterable {
    /// Finished sessions with their verdicts and transitions.
    case sessions
    /// Samples of finished sessions.
    case samples
    /// Answered deploy events, with what they were read from. A repeat that comes later is taken for a new event, unless
    /// the session that the event opened is still kept.
    case events
    /// Messages of the outbox that have been delivered or given up.
    case messages
    /// Changes, by when they took effect.
    case changes
    /// What analyses have learned of the noise of metrics.
    case noise
    /// Analyses of past windows that have ended, with their samples.
    case pastAnalyses
}

/// What may be deleted now: everything of a kind that was done with before the time.
package struct RetentionCutoffs: Sendable, Equatable {
    package var times: [RetainedKind: Timestamp]

    package init(_ times: [RetainedKind: Timestamp]) {
        self.times = times
    }

    package subscript(kind: RetainedKind) -> Timestamp? { times[kind] }
}
