/// What is known about a release when an event about it is answered.
package struct ReleaseHistory: Sendable, Equatable {
    /// Of its own cluster and namespace.
    package private(set) var own: ReleaseTimeline
    package private(set) var shared: SharedTimeline

    package init(own: ReleaseTimeline = ReleaseTimeline(), shared: SharedTimeline = SharedTimeline()) {
        self.own = own
        self.shared = shared
    }

    /// Corrects what names a time in the future, before an event about it that happened at `at` is applied. Returns how
    /// much was corrected.
    mutating func correct(before at: Timestamp, now: Timestamp) -> Int {
        own.correct(before: at, now: now) + shared.all.correct(before: at, now: now)
            + shared.common.correct(before: at, now: now)
    }

    /// Applies an event and says what it means. `analysed` are the releases of the application in its environment whose
    /// analysis is not finished, in any cluster and namespace.
    package mutating func apply(
        _ event: DeployEvent,
        receivedAt: Timestamp,
        analysed: [DeployEvent]
    ) -> ReleaseTimeline.Meaning {
        let release = event.release
        own.merge(shared.common, of: release)
        _ = shared.all.apply(event, receivedAt: receivedAt, analysed: analysed)
        if event.phase == .cancelled, event.cluster == nil || event.namespace == nil {
            shared.common.remember(
                ReleaseTimeline.Entry(
                    version: event.version,
                    revision: event.revision,
                    at: min(event.time ?? receivedAt, receivedAt),
                    cluster: event.cluster,
                    namespace: event.namespace
                )
            )
        }
        return own.apply(event, receivedAt: receivedAt, analysed: analysed.filter { $0.release == release })
    }

    /// Whether the version may have been taken back at or after that time: it was, or so many withdrawals came since that its
    /// own may be forgotten.
    package func mayHaveWithdrawn(_ version: String, of release: ReleaseIdentity, since time: Timestamp) -> Bool {
        var known = own
        known.merge(shared.common, of: release)
        return known.withdrawals.contains {
            $0.version == version && ReleaseTimeline.ends(deployedAt: time, withdrawnAt: $0.at)
        } || [own, shared.common].contains { $0.mayHaveForgotten(since: time) }
    }

    /// The time of opening of an analysis whose event was received then: later than that of every analysis before it, so
    /// that a reader of verdicts can tell by it which one is newer, no matter which replica received which event first.
    package mutating func opening(receivedAt: Timestamp) -> Timestamp { shared.all.opening(receivedAt: receivedAt) }
}
