package import Analysis

package struct ChangeQuery: Sendable, Equatable {
    /// Those of these applications; nil for all.
    package var applications: [String]?
    /// Beside them those that name a zone or nodes, and those of no application.
    package var withShared: Bool
    package var environment: String?
    package var kind: ChangeKind?
    /// Both ends belong to it.
    package var since: Timestamp?
    package var until: Timestamp?
    /// Only changes that come after this one in the listing: the last one of the page before.
    package var after: ChangeCursor?
    /// 1 to 1,000.
    package var limit: Int

    package static let maximumLimit = 1_000

    package init(
        applications: [String]? = nil,
        withShared: Bool = false,
        environment: String? = nil,
        kind: ChangeKind? = nil,
        since: Timestamp? = nil,
        until: Timestamp? = nil,
        after: ChangeCursor? = nil,
        limit: Int = 50
    ) {
        self.applications = applications
        self.withShared = withShared
        self.environment = environment
        self.kind = kind
        self.since = since
        self.until = until
        self.after = after
        self.limit = min(max(1, limit), Self.maximumLimit)
    }
}

/// A change with its place in the listing.
package struct ListedChange: Sendable, Equatable {
    package var cursor: ChangeCursor
    package var change: KnownChange

    package init(cursor: ChangeCursor, change: KnownChange) {
        self.cursor = cursor
        self.change = change
    }
}

/// A place in the listing of changes: newest first, and by number where several took effect in the same millisecond.
package struct ChangeCursor: Sendable, Equatable, CustomStringConvertible {
    package var at: Timestamp
    package var sequence: Int64

    package init(at: Timestamp, sequence: Int64) {
        self.at = at
        self.sequence = sequence
    }

    /// `2026-11-21T10:00:00.000Z/17`
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let at = Timestamp(rfc3339: String(parts[0])), let sequence = Int64(parts[1]) else {
            return nil
        }
        self.init(at: at, sequence: sequence)
    }

    package var description: String { "\(at)/\(sequence)" }
}
