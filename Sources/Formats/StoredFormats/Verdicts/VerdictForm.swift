package import Analysis
import Judging

/// A verdict. Form 2: its own number, and `cause`.
package struct VerdictForm: StoredForm {
    package static let newest = 2
    package static let name = "verdict"

    struct Window: Codable {
        var start: Timestamp
        var end: Timestamp
    }

    package var form: Int?
    var id: String
    var session: String
    var kind: String
    var status: String
    var result: String
    var score: Double?
    var reason: String
    var nextStep: String
    var hold: HoldForm?
    var cause: String?
    var application: String
    var environment: String
    var namespace: String?
    var cluster: String?
    var version: String
    var imageDigest: String?
    var revision: String?
    var workload: String?
    var weight: Double?
    var deployEvent: DeployEventForm.Identity
    var repeats: [DeployEventForm.Identity]?
    var traceparent: String?
    var plan: String
    /// Absent in verdicts of version 0.1.0.
    var planOrigin: String?
    var requestDigest: String?
    var judge: String
    var thresholds: ThresholdsForm
    var openedAt: Timestamp
    var decidedAt: Timestamp
    var look: Int
    var looks: Int
    var window: Window?
    var step: Duration
    var groups: [GroupScoreForm]
    var metrics: [MetricVerdictForm]
    var decision: DecisionForm?
    /// Absent in verdicts of before there were warnings.
    var warnings: [String]?
    /// Absent where it was not asked what else changed.
    var changes: OtherChangesForm?

    package init(_ verdict: Verdict) {
        form = Self.newest
        id = verdict.id
        session = verdict.session
        kind = verdict.kind.rawValue
        status = verdict.status.rawValue
        result = verdict.result.rawValue
        score = verdict.score
        reason = verdict.reason
        nextStep = verdict.nextStep
        hold = verdict.hold.map(HoldForm.init)
        cause = verdict.cause?.rawValue
        application = verdict.application
        environment = verdict.environment
        namespace = verdict.namespace
        cluster = verdict.cluster
        version = verdict.version
        imageDigest = verdict.imageDigest
        revision = verdict.revision
        workload = verdict.workload
        weight = verdict.weight
        deployEvent = .init(source: verdict.deployEvent.source, id: verdict.deployEvent.id)
        repeats = verdict.repeats?.map(DeployEventForm.Identity.init)
        traceparent = verdict.traceparent
        plan = verdict.plan
        planOrigin = verdict.planOrigin?.rawValue
        requestDigest = verdict.requestDigest
        judge = verdict.judge
        thresholds = ThresholdsForm(verdict.thresholds)
        openedAt = verdict.openedAt
        decidedAt = verdict.decidedAt
        look = verdict.look
        looks = verdict.looks
        window = verdict.window.map { Window(start: $0.start, end: $0.end) }
        step = verdict.step
        groups = verdict.groups.map(GroupScoreForm.init)
        metrics = verdict.metrics.map(MetricVerdictForm.init)
        decision = verdict.decision.map(DecisionForm.init)
        warnings = verdict.warnings
        changes = verdict.changes.map(OtherChangesForm.init)
    }

    package func value() throws(FormError) -> Verdict {
        var metrics: [MetricVerdict] = []
        metrics.reserveCapacity(self.metrics.count)
        for metric in self.metrics { metrics.append(try metric.value()) }
        var verdict = Verdict(
            id: id,
            session: session,
            kind: VerdictKind(named: kind),
            status: VerdictStatus(named: status),
            result: JudgementResult(named: result),
            score: score,
            reason: reason,
            nextStep: nextStep,
            hold: hold?.value,
            cause: cause.map { UndecidedCause(named: $0) },
            event: event,
            plan: plan,
            planOrigin: planOrigin.map { PlanOrigin(named: $0) },
            judge: judge,
            thresholds: thresholds.value,
            openedAt: openedAt,
            decidedAt: decidedAt,
            look: look,
            looks: looks,
            window: window.map { TimeWindow(start: $0.start, end: $0.end) },
            step: step,
            groups: groups.map(\.value),
            metrics: metrics,
            warnings: warnings ?? []
        )
        verdict.repeats = repeats?.map(\.value)
        verdict.requestDigest = requestDigest
        verdict.changes = try changes?.value()
        verdict.decision = decision?.value
        if form == nil { verdict.cause = FirstFormCause.of(verdict) }
        return verdict
    }

    /// What a verdict says about the event that opened its analysis.
    private var event: DeployEvent {
        DeployEvent(
            identity: EventIdentity(source: deployEvent.source, id: deployEvent.id),
            application: application,
            environment: environment,
            namespace: namespace,
            cluster: cluster,
            version: version,
            imageDigest: imageDigest,
            revision: revision,
            workload: workload,
            weight: weight,
            traceparent: traceparent
        )
    }
}
