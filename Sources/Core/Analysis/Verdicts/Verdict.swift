package import Judging

/// Whether the analysis ran: says nothing about the release.
package enum VerdictStatus: OpenEnumeration {
    case completed
    /// The analysis could not be carried out: the plan is wrong, or its metrics stayed out of reach.
    case errored
    /// A newer release, a rollback or a person ended the analysis.
    case cancelled
    /// A name that a newer version has made.
    case unknown(String)

    package static let allCases: [VerdictStatus] = [.completed, .errored, .cancelled]

    package var rawValue: String {
        switch self {
        case .completed: "completed"
        case .errored: "errored"
        case .cancelled: "cancelled"
        case .unknown(let name): name
        }
    }
}

package enum VerdictKind: OpenEnumeration {
    case interim
    /// There is one per deploy event that opened an analysis, and a further one for each decision of a person after it.
    case final
    /// A name that a newer version has made.
    case unknown(String)

    package static let allCases: [VerdictKind] = [.interim, .final]

    package var rawValue: String {
        switch self {
        case .interim: "interim"
        case .final: "final"
        case .unknown(let name): name
        }
    }
}

/// The published decision about a release.
package struct Verdict: Sendable, Equatable {
    /// Derived from session, look and kind, so that a repeat carries the same id.
    package var id: String
    package var session: String
    package var kind: VerdictKind
    package var status: VerdictStatus
    package var result: JudgementResult
    /// 0 to 100; nil when nothing was judged.
    package var score: Double?
    /// Why, in one sentence.
    package var reason: String
    /// What happens next, in one sentence.
    package var nextStep: String
    package var hold: Hold?
    /// Why a final verdict says nothing about the release; nil for one that passes, fails or is marginal, and for an
    /// interim one.
    package var cause: UndecidedCause?

    package var application: String
    package var environment: String
    package var namespace: String?
    package var cluster: String?
    package var version: String
    package var imageDigest: String?
    package var revision: String?
    package var workload: String?
    package var weight: Double?
    /// The deploy event that opened the analysis.
    package var deployEvent: EventIdentity
    /// Deploy events that repeated the release while it was analysed, the newest ones, oldest first.
    package var repeats: [EventIdentity]?
    /// A digest of what that event asks for; nil until the verdict is published, and in those of version 0.1.0.
    package var requestDigest: String?
    package var traceparent: String?

    package var plan: String
    /// Who wrote the plan; nil where none was found, and in verdicts of version 0.1.0.
    package var planOrigin: PlanOrigin?
    package var judge: String
    package var thresholds: Thresholds
    package var openedAt: Timestamp
    package var decidedAt: Timestamp
    /// 1-based; 0 when the analysis ended before its first look.
    package var look: Int
    package var looks: Int
    package var window: TimeWindow?
    package var step: Duration
    package var groups: [GroupScore]
    package var metrics: [MetricVerdict]
    /// The person's decision that the verdict is; nil where the analysis found it.
    package var decision: PersonDecision?
    /// What may surprise in the plan, and where the score met a known quirk of the judge, each in one sentence.
    package var warnings: [String]
    /// What else changed, in a final verdict of a release that was judged and did not pass; nil where that was not asked.
    package var changes: OtherChanges?

    package init(
        id: String,
        session: String,
        kind: VerdictKind,
        status: VerdictStatus,
        result: JudgementResult,
        score: Double? = nil,
        reason: String,
        nextStep: String,
        hold: Hold? = nil,
        cause: UndecidedCause? = nil,
        event: DeployEvent,
        plan: String,
        planOrigin: PlanOrigin? = nil,
        judge: String,
        thresholds: Thresholds,
        openedAt: Timestamp,
        decidedAt: Timestamp,
        look: Int,
        looks: Int,
        window: TimeWindow? = nil,
        step: Duration,
        groups: [GroupScore] = [],
        metrics: [MetricVerdict] = [],
        warnings: [String] = []
    ) {
        self.id = id
        self.session = session
        self.kind = kind
        self.status = status
        self.result = result
        self.score = score
        self.reason = reason
        self.nextStep = nextStep
        self.hold = hold
        self.cause = cause
        self.application = event.application
        self.environment = event.environment
        self.namespace = event.namespace
        self.cluster = event.cluster
        self.version = event.version
        self.imageDigest = event.imageDigest
        self.revision = event.revision
        self.workload = event.workload
        self.weight = event.weight
        self.deployEvent = event.identity
        self.traceparent = event.traceparent
        self.plan = plan
        self.planOrigin = planOrigin
        self.judge = judge
        self.thresholds = thresholds
        self.openedAt = openedAt
        self.decidedAt = decidedAt
        self.look = look
        self.looks = looks
        self.window = window
        self.step = step
        self.groups = groups
        self.metrics = metrics
        self.warnings = warnings
    }
}

/// One metric of a verdict: what was asked, what came back, what the judge made of it.
package struct MetricVerdict: Sendable, Equatable {
    package var judgement: MetricJudgement
    /// The PromQL sent for the control; nil when nothing was asked.
    package var controlQuery: String?
    package var experimentQuery: String?
    /// Those that were sent, where they are several: events, requests, events by the label of new values. The query is then
    /// what their answers become.
    package var controlQueries: [String]
    package var experimentQueries: [String]
    /// Why the metric was not judged in this look; nil when it was.
    package var held: HoldCause?
    /// What the metrics back end said beside its answer, and where the samples met a known quirk of the judge.
    package var warnings: [String]
    /// What the metric is expected to show within the lifetime; nil but in the verdicts of the first look.
    package var outlook: String?
    /// How its effect went over the looks; empty but in a final verdict.
    package var trail: [EffectPoint]

    package init(
        judgement: MetricJudgement,
        controlQuery: String?,
        experimentQuery: String?,
        controlQueries: [String] = [],
        experimentQueries: [String] = [],
        held: HoldCause?,
        warnings: [String],
        outlook: String? = nil,
        trail: [EffectPoint] = []
    ) {
        self.outlook = outlook
        self.trail = trail
        self.judgement = judgement
        self.controlQuery = controlQuery
        self.experimentQuery = experimentQuery
        self.controlQueries = controlQueries
        self.experimentQueries = experimentQueries
        self.held = held
        self.warnings = warnings
    }

    var withoutTrail: MetricVerdict {
        var metric = self
        metric.trail = []
        return metric
    }
}

/// Why an analysis cannot decide yet.
package enum HoldCause: OpenEnumeration {
    /// The metrics back end cannot be reached or answers with a failure of its own.
    case unreachable
    /// The metrics back end refuses for load, or ran into its time limit.
    case overloaded
    /// The answer is marked as incomplete.
    case partialData
    /// A side has no samples at all.
    case noData
    /// A side has samples, but fewer than the plan asks for.
    case tooFewSamples
    /// A name that a newer version has made.
    case unknown(String)

    package static let allCases: [HoldCause] = [.unreachable, .overloaded, .partialData, .noData, .tooFewSamples]

    package var rawValue: String {
        switch self {
        case .unreachable: "unreachable"
        case .overloaded: "overloaded"
        case .partialData: "partialData"
        case .noData: "noData"
        case .tooFewSamples: "tooFewSamples"
        case .unknown(let name): name
        }
    }

    /// The cause lies in the metrics back end, not in the release.
    package var isOutage: Bool { self == .unreachable || self == .overloaded }
}

/// A session that waits: why, and since when.
package struct Hold: Sendable, Equatable {
    package var cause: HoldCause
    package var reason: String
    package var since: Timestamp

    package init(cause: HoldCause, reason: String, since: Timestamp) {
        self.cause = cause
        self.reason = reason
        self.since = since
    }

    /// An outage, or what a newer version calls by another name: no traffic is moved by a verdict with it.
    package var mayBeOutage: Bool { cause.isOutage || !cause.isKnown }
}
