package import Analysis

/// What is known about an application in an environment, whatever the cluster and namespace: the members of the timeline
/// of every place, as version 0.1.0 reads and writes it, and beside them what counts everywhere. Form 2: its own number.
package struct SharedTimelineForm: StoredForm {
    package static let newest = 2
    package static let name = "shared release timeline"

    package var form: Int?
    var newest: ReleaseTimelineForm.Entry?
    var withdrawals: [ReleaseTimelineForm.Entry]
    var openedAt: Timestamp?
    /// Its number is that of the whole. Version 0.1.0 leaves it out: then all of it counts everywhere.
    var common: ReleaseTimelineForm?

    package init(_ timeline: SharedTimeline) {
        let all = ReleaseTimelineForm(timeline.all)
        form = Self.newest
        newest = all.newest
        withdrawals = all.withdrawals
        openedAt = all.openedAt
        common = ReleaseTimelineForm(timeline.common)
        common?.form = nil
    }

    package func value() -> SharedTimeline {
        let all = ReleaseTimeline(newest: newest?.value, withdrawals: withdrawals.map(\.value), openedAt: openedAt)
        return SharedTimeline(all: all, common: common?.value() ?? all)
    }
}
