import Analysis
import Judging

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
        /// When the next look is due; absent when the session is over.
        var next: Timestamp?
    }

    var id: String
    var application: String
    var environment: String
    var cluster: String?
    var namespace: String?
    var version: String
    var revision: String?
    var plan: String
    var phase: AnalysisSession.Phase
    var openedAt: Timestamp
    var deployedAt: Timestamp
    var looks: Looks
    var hold: Hold?
    /// What the last look said; absent before the first look and once there is a final verdict. Only where one session is
    /// asked for.
    var interim: Interim?
    /// Absent until the final verdict.
    var status: VerdictStatus?
    var result: String?
    var score: Double?
    var reason: String?

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
        phase = session.phase
        openedAt = session.openedAt
        deployedAt = session.deployedAt
        looks = Looks(
            taken: session.lastLook,
            missed: session.missedLooks,
            of: session.schedule.count,
            next: session.wakeAt
        )
        hold = session.hold
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
    }
}
