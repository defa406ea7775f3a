package import Analysis
import EventFormats
import Judging

/// What a verdict leads to, and for which releases.
package struct RolloutPolicy: Sendable, Equatable {
    package var onPass: ActionKind
    package var onMarginal: ActionKind
    package var onFail: ActionKind
    package var onInconclusive: ActionKind
    /// The applications and environments that are acted on; nothing else is touched.
    package var releases: PlanMatch
    /// Patterns of clusters. A verdict that names another cluster is not acted on; empty accepts any.
    package var clusters: [String]
    /// Decide and publish what would be done, but do nothing.
    package var dryRun: Bool

    package init(
        onPass: ActionKind = .promote,
        onMarginal: ActionKind = .hold,
        onFail: ActionKind = .abort,
        onInconclusive: ActionKind = .hold,
        releases: PlanMatch = PlanMatch(),
        clusters: [String] = [],
        dryRun: Bool = false
    ) {
        self.onPass = onPass
        self.onMarginal = onMarginal
        self.onFail = onFail
        self.onInconclusive = onInconclusive
        self.releases = releases
        self.clusters = clusters
        self.dryRun = dryRun
    }

    package func covers(_ verdict: Verdict) -> Bool {
        guard releases.matches(ReleaseKey(application: verdict.application, environment: verdict.environment)) else {
            return false
        }
        guard let cluster = verdict.cluster, !clusters.isEmpty else { return true }
        return clusters.contains { Glob.matches($0, cluster) }
    }

    /// The action for a verdict that is neither repeated nor stale.
    ///
    /// An analysis that did not run says nothing about the release, so `errored` and `cancelled` lead to nothing,
    /// whatever is configured. A verdict held back by an outage of the metrics back end never aborts or promotes.
    package func action(for verdict: Verdict) -> ActionKind {
        guard verdict.kind == .final, verdict.status == .completed else { return .none }
        let configured =
            switch verdict.result {
            case .pass: onPass
            case .marginal: onMarginal
            case .fail: onFail
            case .inconclusive: onInconclusive
            }
        guard let hold = verdict.hold, hold.cause.isOutage, configured.changesRelease else { return configured }
        return .hold
    }
}
