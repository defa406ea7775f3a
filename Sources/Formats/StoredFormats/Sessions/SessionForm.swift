package import Analysis
import Judging

/// An analysis. Form 2: its own number, and verdicts of form 2.
package struct SessionForm: StoredForm {
    package static let newest = 2
    package static let name = "analysis"

    package var form: Int?
    var id: String
    var event: DeployEventForm
    var repeats: [DeployEventForm.Identity]?
    var plan: PlanForm
    var openedAt: Timestamp
    var deployedAt: Timestamp
    var phase: String
    var lastLook: Int
    var missedLooks: Int
    var hold: HoldForm?
    var holdAttempts: Int
    var lastLookTriedAt: Timestamp?
    var finalVerdict: VerdictForm?
    /// Absent where there are none.
    var decisions: [KeptDecisionForm]?
    var feedback: [FeedbackForm]?
    var wakeAt: Timestamp?

    package init(_ session: AnalysisSession) {
        form = Self.newest
        id = session.id
        event = DeployEventForm(session.event)
        repeats = session.repeats?.map(DeployEventForm.Identity.init)
        plan = PlanForm(session.plan)
        openedAt = session.openedAt
        deployedAt = session.deployedAt
        phase = session.phase.rawValue
        lastLook = session.lastLook
        missedLooks = session.missedLooks
        hold = session.hold.map(HoldForm.init)
        holdAttempts = session.holdAttempts
        lastLookTriedAt = session.lastLookTriedAt
        finalVerdict = session.finalVerdict.map(VerdictForm.init)
        decisions = session.decisions.isEmpty ? nil : session.decisions.map(KeptDecisionForm.init)
        feedback = session.feedback.isEmpty ? nil : session.feedback.map(FeedbackForm.init)
        wakeAt = session.wakeAt
    }

    package func value() throws(FormError) -> AnalysisSession {
        AnalysisSession(
            id: id,
            event: try event.value(),
            repeats: repeats?.map(\.value),
            plan: try plan.value(),
            openedAt: openedAt,
            deployedAt: deployedAt,
            phase: try .stored(phase, "phase of an analysis"),
            lastLook: lastLook,
            missedLooks: missedLooks,
            hold: hold?.value,
            holdAttempts: holdAttempts,
            lastLookTriedAt: lastLookTriedAt,
            finalVerdict: try finalVerdict?.value(),
            decisions: decisions?.map(\.value) ?? [],
            feedback: feedback?.map(\.value) ?? [],
            wakeAt: wakeAt
        )
    }
}

struct HoldForm: Codable {
    var cause: String
    var reason: String
    var since: Timestamp

    init(_ hold: Hold) {
        cause = hold.cause.rawValue
        reason = hold.reason
        since = hold.since
    }

    var value: Hold { Hold(cause: HoldCause(named: cause), reason: reason, since: since) }
}
