package import Analysis

/// What is known about the releases of one place that follow one another. Form 2: its own number.
package struct ReleaseTimelineForm: StoredForm {
    package static let newest = 2
    package static let name = "release timeline"

    struct Entry: Codable {
        var version: String
        var revision: String?
        var at: Timestamp
        var cluster: String?
        var namespace: String?
        /// Only where it is true; absent in what version 0.1.0 wrote.
        var ownPlan: Bool?

        init(_ entry: ReleaseTimeline.Entry) {
            version = entry.version
            revision = entry.revision
            at = entry.at
            cluster = entry.cluster
            namespace = entry.namespace
            ownPlan = entry.ownPlan ? true : nil
        }

        var value: ReleaseTimeline.Entry {
            ReleaseTimeline.Entry(
                version: version,
                revision: revision,
                at: at,
                cluster: cluster,
                namespace: namespace,
                ownPlan: ownPlan ?? false
            )
        }
    }

    package var form: Int?
    var newest: Entry?
    var withdrawals: [Entry]
    var openedAt: Timestamp?

    package init(_ timeline: ReleaseTimeline) {
        form = Self.newest
        newest = timeline.newest.map(Entry.init)
        withdrawals = timeline.withdrawals.map(Entry.init)
        openedAt = timeline.openedAt
    }

    package func value() -> ReleaseTimeline {
        ReleaseTimeline(newest: newest?.value, withdrawals: withdrawals.map(\.value), openedAt: openedAt)
    }
}
