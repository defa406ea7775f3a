package import Judging

/// One change of a session's state: when, why, and by which replica.
package struct SessionTransition: Sendable, Equatable {
    package enum Cause: OpenEnumeration {
        /// The session began.
        case opened
        /// Its event came again, with other particulars.
        case updated
        /// A look was taken or given up for a newer one.
        case looked
        /// It began to wait for its metrics, or for another cause than before.
        case held
        /// What it waited for came.
        case resumed
        /// It has its final verdict.
        case finished
        /// A name that a newer version has made.
        case unknown(String)

        package static let allCases: [Cause] = [.opened, .updated, .looked, .held, .resumed, .finished]

        package var rawValue: String {
            switch self {
            case .opened: "opened"
            case .updated: "updated"
            case .looked: "looked"
            case .held: "held"
            case .resumed: "resumed"
            case .finished: "finished"
            case .unknown(let name): name
            }
        }
    }

    /// The name of a phase.
    package enum Phase: OpenEnumeration {
        case warmingUp
        case sampling
        case finished
        /// A name that a newer version has made.
        case unknown(String)

        package static let allCases: [Phase] = [.warmingUp, .sampling, .finished]

        package init(_ phase: AnalysisSession.Phase) {
            self =
                switch phase {
                case .warmingUp: .warmingUp
                case .sampling: .sampling
                case .finished: .finished
                }
        }

        package var rawValue: String {
            switch self {
            case .warmingUp: AnalysisSession.Phase.warmingUp.rawValue
            case .sampling: AnalysisSession.Phase.sampling.rawValue
            case .finished: AnalysisSession.Phase.finished.rawValue
            case .unknown(let name): name
            }
        }
    }

    package var session: String
    package var at: Timestamp
    /// The process that decided it.
    package var replica: String
    package var cause: Cause
    /// Nil before the session began.
    package var from: Phase?
    package var to: Phase
    /// The last look taken or given up; 0 before the first.
    package var look: Int
    /// In one sentence.
    package var reason: String
    /// What the look has come to; nil with other causes, and where it had no verdict.
    package var result: JudgementResult?

    package init(
        session: String,
        at: Timestamp,
        replica: String,
        cause: Cause,
        from: Phase?,
        to: Phase,
        look: Int,
        reason: String,
        result: JudgementResult? = nil
    ) {
        self.session = session
        self.at = at
        self.replica = replica
        self.cause = cause
        self.from = from
        self.to = to
        self.look = look
        self.reason = reason
        self.result = result
    }

    /// What changed from `before` (nil: the session did not exist) to `after`. Attempts of a held session that change
    /// nothing else are no transitions. `verdicts` are those of the change.
    package static func between(
        _ before: AnalysisSession?,
        _ after: AnalysisSession,
        verdicts: [Verdict],
        at now: Timestamp,
        replica: String
    ) -> [SessionTransition] {
        var transitions: [SessionTransition] = []
        let phase = Phase(after.phase)
        func add(_ cause: Cause, to phase: Phase, _ reason: String, _ result: JudgementResult? = nil) {
            transitions.append(
                SessionTransition(
                    session: after.id,
                    at: now,
                    replica: replica,
                    cause: cause,
                    from: transitions.last?.to ?? before.map { Phase($0.phase) },
                    to: phase,
                    look: after.lastLook,
                    reason: reason,
                    result: result
                )
            )
        }
        if before == nil {
            let identity = after.event.identity
            add(.opened, to: .warmingUp, "deploy event \(identity.id) of \(identity.source), plan \(after.plan.name)")
        } else if before?.event != after.event {
            add(.updated, to: before.map { Phase($0.phase) } ?? phase, "the deploy event came again")
        }
        if let final = after.finalVerdict, before?.phase != .finished {
            add(.finished, to: .finished, "\(final.status.rawValue), \(final.result.rawValue): \(final.reason)")
            return transitions
        }
        if let hold = after.hold, hold.cause != before?.hold?.cause {
            add(.held, to: phase, "\(hold.cause.rawValue): \(hold.reason)")
        } else if let hold = before?.hold, after.hold == nil {
            add(.resumed, to: phase, "waited since \(hold.since) (\(hold.cause.rawValue))")
        }
        if let before, after.lastLook != before.lastLook {
            let missed = after.missedLooks - before.missedLooks
            let skipped = missed > 0 ? ", \(missed) skipped" : ""
            let verdict = verdicts.last { $0.session == after.id }
            let reason = verdict?.reason ?? "no verdict"
            let text = "look \(after.lastLook) of \(after.schedule.count)\(skipped): \(reason)"
            add(.looked, to: phase, text, verdict?.result)
        }
        return transitions
    }
}
