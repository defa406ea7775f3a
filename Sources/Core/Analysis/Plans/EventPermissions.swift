/// What a deploy event may do with a plan of the operator.
package struct EventPermissions: Sendable, Equatable {
    package enum Labels: String, Sendable, CaseIterable {
        /// An event gives the labels of a side that the plan leaves open, and no others.
        case fixed
        /// It may also add labels to those of the plan, which makes the side narrower.
        case add
        /// It may also change the plan's labels, and the kind of control.
        case replace
    }

    package enum Releases: String, Sendable, CaseIterable {
        /// Only events of releases that `match` covers may name the plan.
        case matching
        /// Any event may.
        case any
    }

    package var labels: Labels
    package var releases: Releases

    package init(labels: Labels = .add, releases: Releases = .matching) {
        self.labels = labels
        self.releases = releases
    }
}
