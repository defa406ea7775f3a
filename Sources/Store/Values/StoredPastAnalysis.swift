package import Analysis

/// An analysis of a past window, as it is kept.
package struct StoredPastAnalysis: Sendable, Equatable {
    package var analysis: PastAnalysis
    package var requestedAt: Timestamp
    /// Nil while it waits or is being made.
    package var finishedAt: Timestamp?
    /// A replica is at it, or was when it ended.
    package var isBegun: Bool

    package init(
        _ analysis: PastAnalysis,
        requestedAt: Timestamp,
        finishedAt: Timestamp? = nil,
        isBegun: Bool = false
    ) {
        self.analysis = analysis
        self.requestedAt = requestedAt
        self.finishedAt = finishedAt
        self.isBegun = isBegun
    }

    /// Where it stands in a listing.
    package var cursor: SessionCursor { SessionCursor(openedAt: requestedAt, id: analysis.id) }
}

/// One that a replica makes now.
package struct ClaimedPastAnalysis: Sendable, Equatable {
    package var analysis: PastAnalysis
    /// A later step must name it.
    package var version: Int64
    /// How often one was begun, with this time.
    package var attempts: Int

    /// One that ended with its process so often is not begun again.
    package static let mostAttempts = 4

    package init(_ analysis: PastAnalysis, version: Int64, attempts: Int) {
        self.analysis = analysis
        self.version = version
        self.attempts = attempts
    }
}

package struct PastAnalysisQuery: Sendable, Equatable {
    package var application: String?
    package var environment: String?
    /// Only those that come after this one in the listing.
    package var after: SessionCursor?
    /// 1 to 200.
    package var limit: Int

    package init(
        application: String? = nil,
        environment: String? = nil,
        after: SessionCursor? = nil,
        limit: Int = 50
    ) {
        self.application = application
        self.environment = environment
        self.after = after
        self.limit = min(max(1, limit), SessionQuery.maximumLimit)
    }
}
