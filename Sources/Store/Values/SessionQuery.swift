package import Analysis
package import Judging

package struct SessionQuery: Sendable, Equatable {
    package var application: String?
    package var environment: String?
    package var cluster: String?
    package var namespace: String?
    package var version: String?
    package var phase: AnalysisSession.Phase?
    /// Of the final verdict.
    package var result: JudgementResult?
    /// Only sessions that were opened then or later.
    package var since: Timestamp?
    /// Only sessions that come after this one in the listing: the last one of the page before.
    package var after: SessionCursor?
    /// 1 to 200.
    package var limit: Int

    package static let maximumLimit = 200

    package init(
        application: String? = nil,
        environment: String? = nil,
        cluster: String? = nil,
        namespace: String? = nil,
        version: String? = nil,
        phase: AnalysisSession.Phase? = nil,
        result: JudgementResult? = nil,
        since: Timestamp? = nil,
        after: SessionCursor? = nil,
        limit: Int = 50
    ) {
        self.application = application
        self.environment = environment
        self.cluster = cluster
        self.namespace = namespace
        self.version = version
        self.phase = phase
        self.result = result
        self.since = since
        self.after = after
        self.limit = min(max(1, limit), Self.maximumLimit)
    }
}

extension SessionQuery {
    /// Whether the session is in the cluster and the namespace that are asked for, and has the result. A store need not know
    /// it of every row: a process of version 0.1.0 does not write it beside the session.
    /// It is shown where that cannot be told.
    func isMeant(_ listed: ListedSession) -> Bool {
        guard let session = listed.session else { return true }
        let event = session.event
        return (result == nil || result == session.finalVerdict?.result) && (cluster == nil || cluster == event.cluster)
            && (namespace == nil || namespace == event.namespace)
    }

    /// Takes what came of the page out of `rows`, and says where to go on when it is not full yet.
    func rest(after rows: [ListedSession], _ found: inout [ListedSession]) -> SessionQuery? {
        found += rows.filter(isMeant).prefix(limit - found.count)
        guard rows.count == limit, found.count < limit, let last = rows.last else { return nil }
        var next = self
        next.after = SessionCursor(openedAt: last.openedAt, id: last.id)
        return next
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
