import Analysis
import Judging
import Store

/// A session as the HTTP interface shows it.
struct SessionSummary: Codable, Sendable {
    struct Interim: Codable, Sendable {
        var look: Int
        var result: String
        var score: Double?
        var reason: String
        var decidedAt: Timestamp
    }

    struct Looks: Codable, Sendable {
        var taken: Int
        var missed: Int
        var of: Int
        /// When the next look is due; absent when the session has ended.
        var next: Timestamp?
    }

    struct Hold: Codable, Sendable {
        var cause: HoldCause
        var reason: String
        var since: Timestamp
    }

    /// What a person decided.
    struct Decision: Codable, Sendable {
        var kind: PersonDecision.Kind
        var by: String
        var reason: String
        var at: Timestamp
    }

    /// Why the session cannot be read.
    struct Unreadable: Codable, Sendable {
        var reason: String
        /// When it was set aside; absent for one that another version of this program can read.
        var setAsideAt: Timestamp?
    }

    var id: String
    var application: String
    var environment: String
    var cluster: String?
    var namespace: String?
    var version: String
    var revision: String?
    /// Absent, as all that follows from the plan, in a session that cannot be read.
    var plan: String?
    var phase: String
    var openedAt: Timestamp
    var deployedAt: Timestamp?
    var looks: Looks?
    var hold: Hold?
    /// What the last look said; absent before the first look and once there is a final verdict. Only where one session is
    /// asked for.
    var interim: Interim?
    /// Absent until the final verdict.
    var status: VerdictStatus?
    var result: String?
    var score: Double?
    var reason: String?
    /// Why the verdict says nothing about the release.
    var cause: UndecidedCause?
    /// The person's decision that the verdict is.
    var decision: Decision?
    var unreadable: Unreadable?

    init(_ listed: ListedSession, interim: Verdict? = nil) {
        switch listed {
        case .session(let session): self.init(session, interim: interim)
        case .unreadable(let row): self.init(row)
        }
    }

    /// `interim` is the newest verdict that is not final.
    init(_ session: AnalysisSession, interim: Verdict? = nil) {
        id = session.id
        application = session.event.application
        environment = session.event.environment
        cluster = session.event.cluster
        namespace = session.event.namespace
        version = session.event.version
        revision = session.event.revision
        plan = session.plan.name
        phase = session.phase.rawValue
        openedAt = session.openedAt
        deployedAt = session.deployedAt
        looks = Looks(
            taken: session.lastLook,
            missed: session.missedLooks,
            of: session.schedule.count,
            next: session.wakeAt
        )
        hold = session.hold.map { Hold(cause: $0.cause, reason: $0.reason, since: $0.since) }
        if session.finalVerdict == nil, let verdict = interim {
            self.interim = Interim(
                look: verdict.look,
                result: verdict.result.rawValue,
                score: verdict.score,
                reason: verdict.reason,
                decidedAt: verdict.decidedAt
            )
        }
        status = session.finalVerdict?.status
        result = session.finalVerdict?.result.rawValue
        score = session.finalVerdict?.score
        reason = session.finalVerdict?.reason
        cause = session.finalVerdict?.cause
        decision = session.finalVerdict?.decision.map {
            Decision(kind: $0.kind, by: $0.actor, reason: $0.reason, at: $0.at)
        }
    }

    /// For callers who may know what passed, and not how it is judged nor which release a verdict would act on.
    var withoutParticulars: SessionSummary {
        var summary = self
        summary.revision = nil
        summary.plan = nil
        summary.hold = nil
        summary.interim = nil
        summary.reason = nil
        summary.decision = nil
        summary.unreadable = nil
        return summary
    }

    private init(_ row: UnreadableSession) {
        id = row.id
        application = row.application
        environment = row.environment
        version = row.version
        phase = row.phase
        openedAt = row.openedAt
        unreadable = Unreadable(reason: row.reason, setAsideAt: row.setAsideAt)
    }
}
