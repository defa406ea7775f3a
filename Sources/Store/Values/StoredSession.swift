package import Analysis

/// A session and the version of its row: a write must name the version that was read.
package struct StoredSession: Sendable, Equatable {
    package var session: AnalysisSession
    package var version: Int64

    package init(session: AnalysisSession, version: Int64) {
        self.session = session
        self.version = version
    }
}

/// What a listing of sessions shows of a row.
package enum ListedSession: Sendable, Equatable {
    case session(AnalysisSession)
    case unreadable(UnreadableSession)

    package var id: String {
        switch self {
        case .session(let session): session.id
        case .unreadable(let row): row.id
        }
    }

    package var openedAt: Timestamp {
        switch self {
        case .session(let session): session.openedAt
        case .unreadable(let row): row.openedAt
        }
    }

    /// Nil for one that cannot be read.
    package var session: AnalysisSession? {
        if case .session(let session) = self { session } else { nil }
    }
}

/// A session that this version cannot read: what the row says beside it, and why.
package struct UnreadableSession: Sendable, Equatable {
    package var id: String
    package var application: String
    package var environment: String
    package var version: String
    package var phase: String
    package var openedAt: Timestamp
    /// One sentence.
    package var reason: String
    /// When it was set aside; nil for one of a form that another version can read.
    package var setAsideAt: Timestamp?

    package init(
        id: String,
        application: String,
        environment: String,
        version: String,
        phase: String,
        openedAt: Timestamp,
        reason: String,
        setAsideAt: Timestamp?
    ) {
        self.id = id
        self.application = application
        self.environment = environment
        self.version = version
        self.phase = phase
        self.openedAt = openedAt
        self.reason = reason
        self.setAsideAt = setAsideAt
    }
}
