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
    /// Which clusters are acted on.
    package var clusters: ClusterScope
    /// Patterns of namespaces. A verdict that names another namespace is not acted on; empty accepts any.
    package var namespaces: [String]
    /// Patterns of the CloudEvents sources whose verdicts are believed; empty believes any.
    package var sources: [String]
    /// Patterns of the plans whose verdicts may change a release; empty allows all. A verdict of another plan holds.
    package var plans: [String]
    /// A plan that came with a deploy event, and so was written by its sender, may change a release too.
    package var plansFromEvents: Bool
    /// Workloads of other names than their application's that may be changed. A verdict about another one holds: the
    /// sender of the deploy event named it, and the plan of the application says nothing about it.
    package var workloads: [WorkloadGrant]
    /// A verdict that was decided longer ago leads to nothing; nil sets no limit.
    package var maximumAge: Duration?
    /// Decide and publish what would be done, but do nothing.
    package var dryRun: Bool

    package init(
        onPass: ActionKind = .promote,
        onMarginal: ActionKind = .hold,
        onFail: ActionKind = .abort,
        onInconclusive: ActionKind = .hold,
        releases: PlanMatch = PlanMatch(),
        clusters: ClusterScope = .any,
        namespaces: [String] = [],
        sources: [String] = [],
        plans: [String] = [],
        plansFromEvents: Bool = false,
        workloads: [WorkloadGrant] = [],
        maximumAge: Duration? = nil,
        dryRun: Bool = false
    ) {
        self.onPass = onPass
        self.onMarginal = onMarginal
        self.onFail = onFail
        self.onInconclusive = onInconclusive
        self.releases = releases
        self.clusters = clusters
        self.namespaces = namespaces
        self.sources = sources
        self.plans = plans
        self.plansFromEvents = plansFromEvents
        self.workloads = workloads
        self.maximumAge = maximumAge
        self.dryRun = dryRun
    }

    /// Why a verdict is not taken notice of; nil when it is.
    package func exclusion(of delivered: DeliveredVerdict) -> DropReason? {
        guard sources.isEmpty || sources.contains(where: { Glob.matches($0, delivered.source) }) else {
            return .otherSource
        }
        return exclusion(of: delivered.verdict.release)
    }

    /// Why a release is none of this controller's business; nil when it is.
    package func exclusion(of release: ReleaseIdentity) -> DropReason? {
        guard releases.matches(release.key) else { return .outOfScope }
        guard clusters.contains(release.cluster) else { return .otherCluster }
        guard let namespace = release.namespace, !namespaces.isEmpty else { return nil }
        return namespaces.contains { Glob.matches($0, namespace) } ? nil : .otherNamespace
    }

    /// Why a verdict is too old to be acted on, in one sentence; nil when it is not.
    package func ageReason(_ verdict: Verdict, at now: Timestamp) -> String? {
        guard let maximumAge, now.since(verdict.decidedAt) > maximumAge else { return nil }
        return "The verdict about version \(verdict.version) was decided at \(verdict.decidedAt), more than"
            + " \(maximumAge.compactText) ago."
    }

    /// Why a verdict may not change the release although its result would, in one sentence; nil when it may.
    package func distrust(of verdict: Verdict) -> String? { planReason(verdict) ?? workloadReason(verdict) }

    private func workloadReason(_ verdict: Verdict) -> String? {
        guard configuredAction(for: verdict).changesRelease, let workload = verdict.workload,
            workload != verdict.application,
            !workloads.contains(where: { $0.covers(workload, of: verdict.application) })
        else { return nil }
        return "The result for version \(verdict.version) is \(verdict.result.rawValue), and the deploy event names the"
            + " workload \(workload), which is not known to be one of \(verdict.application) (rollout.workloads)."
    }

    private func planReason(_ verdict: Verdict) -> String? {
        guard configuredAction(for: verdict).changesRelease else { return nil }
        let result = "The result for version \(verdict.version) is \(verdict.result.rawValue)"
        // What a person decided, the plan did not.
        guard plansFromEvents || !verdict.isByPlanOfEvent || verdict.decision != nil else {
            return result + " by a plan that came with the deploy event, by which this controller does not act"
                + " (rollout.plansFromEvents)."
        }
        guard !verdict.plan.isEmpty, plans.isEmpty || plans.contains(where: { Glob.matches($0, verdict.plan) }) else {
            return result + " by the plan \(verdict.plan.isEmpty ? "without a name" : verdict.plan), by which this"
                + " controller does not act (rollout.plans)."
        }
        return nil
    }

    /// The action for a verdict that is neither repeated nor stale.
    ///
    /// An analysis that did not run says nothing about the release, so `errored` and `cancelled` lead to nothing,
    /// whatever is configured. A verdict held back by an outage of the metrics back end never aborts or promotes.
    package func action(for verdict: Verdict) -> ActionKind {
        distrust(of: verdict) == nil ? configuredAction(for: verdict) : .hold
    }

    private func configuredAction(for verdict: Verdict) -> ActionKind {
        guard verdict.kind == .final, verdict.status == .completed else { return .none }
        let configured =
            switch verdict.result {
            case .pass: onPass
            case .marginal: onMarginal
            case .fail: onFail
            case .inconclusive: onInconclusive
            // A newer version says something that this one does not understand: the release neither goes on nor back.
            case .unknown: ActionKind.hold
            }
        guard let hold = verdict.hold, hold.mayBeOutage, configured.changesRelease else {
            return configured
        }
        return .hold
    }
}

/// Which clusters a controller acts on.
package enum ClusterScope: Sendable, Equatable {
    /// Whatever a verdict names: the receiver of the action decides.
    case any
    /// Those of the patterns; of verdicts that name no cluster all or none.
    case named([String], acceptsUnnamed: Bool)

    package func contains(_ cluster: String?) -> Bool {
        switch self {
        case .any: true
        case .named(let patterns, let acceptsUnnamed):
            cluster.map { cluster in patterns.contains { Glob.matches($0, cluster) } } ?? acceptsUnnamed
        }
    }
}
