/// What is known about an application in an environment, whatever the cluster and namespace.
package struct SharedTimeline: Sendable, Equatable {
    /// Every event, as if all clusters and namespaces were one place. A process of version 0.1.0, which knows no other,
    /// reads it and goes on with it; nothing else is decided by it but that times of opening rise.
    package var all: ReleaseTimeline
    /// What counts for every cluster and namespace: withdrawals that leave one of them out, and what a process of version
    /// 0.1.0 has written, because it does not say which it was about.
    package var common: ReleaseTimeline

    package init(all: ReleaseTimeline = ReleaseTimeline(), common: ReleaseTimeline = ReleaseTimeline()) {
        self.all = all
        self.common = common
    }
}
