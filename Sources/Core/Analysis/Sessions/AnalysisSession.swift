package import Judging

/// One run of a plan for one deploy event: a value-type state machine.
///
/// Its driver hands in what happened and performs the actions that come back, in order. The session itself
/// does nothing: no clock, no I/O, so that the same inputs always lead to the same verdicts.
package struct AnalysisSession: Sendable, Equatable {
    package enum Phase: String, Sendable, Codable, CaseIterable {
        /// The version has just been deployed; nothing is sampled yet.
        case warmingUp
        case sampling
        case finished
    }

    package let id: String
    package internal(set) var event: DeployEvent
    /// The newest of the deploy events that have repeated the release since, oldest first; nil when there was none.
    package internal(set) var repeats: [EventIdentity]?
    package let plan: AnalysisPlan
    package let openedAt: Timestamp
    /// The start of the schedule: when the version began to receive traffic.
    package let deployedAt: Timestamp
    package private(set) var phase: Phase
    /// The last look that was judged or given up for a newer one; 0 before the first.
    package private(set) var lastLook: Int
    /// Looks that were skipped because a newer one was due already.
    package private(set) var missedLooks: Int
    package private(set) var hold: Hold?
    /// Attempts since the hold began.
    package private(set) var holdAttempts: Int
    /// When the last look of the schedule was tried first.
    package private(set) var lastLookTriedAt: Timestamp?
    package internal(set) var finalVerdict: Verdict?
    /// What people decided about it, oldest first.
    package internal(set) var decisions: [KeptDecision] = []
    /// Whether people found its verdict right, oldest first.
    package internal(set) var feedback: [VerdictFeedback] = []

    /// When the session is to be evaluated next; nil once it is finished.
    package private(set) var wakeAt: Timestamp?

    package enum Input: Sendable {
        /// The time that the session asked to be woken at has come.
        case woken
        case sampled(LookSamples)
        /// The judgement of what the review let be judged, and what else changed where ``wantsChanges(_:_:at:)`` asks for it.
        case judged(Judgement, LookReview, OtherChanges? = nil)
        /// The same version again, for example with another traffic weight.
        case updated(DeployEvent)
        case superseded(version: String, weight: Double? = nil)
        case cancelled(reason: String)
        case decided(PersonDecision)
    }

    package enum Action: Sendable, Equatable {
        case sample(Look)
        /// To judge the review's `judgeable` pairs. The answer brings the review back.
        case judge(LookReview, rules: ScoringRules)
        case publish(Verdict)
    }

    /// Opens a session. `receivedAt` is the time of arrival; the schedule starts at the event's own time when that is
    /// earlier, so that a late event still looks at the right samples. `openedAt` is `receivedAt` when nil.
    package init(
        id: String,
        event: DeployEvent,
        plan: AnalysisPlan,
        receivedAt: Timestamp,
        openedAt: Timestamp? = nil
    ) {
        self.id = id
        self.event = event
        self.plan = plan
        self.openedAt = openedAt ?? receivedAt
        deployedAt = min(event.time ?? receivedAt, receivedAt)
        phase = .warmingUp
        lastLook = 0
        missedLooks = 0
        holdAttempts = 0
        wakeAt = LookSchedule(plan.judgedSchedule, deployedAt: deployedAt).look(1).due
    }

    /// A session as it was stored.
    package init(
        id: String,
        event: DeployEvent,
        repeats: [EventIdentity]? = nil,
        plan: AnalysisPlan,
        openedAt: Timestamp,
        deployedAt: Timestamp,
        phase: Phase,
        lastLook: Int,
        missedLooks: Int,
        hold: Hold?,
        holdAttempts: Int,
        lastLookTriedAt: Timestamp?,
        finalVerdict: Verdict?,
        decisions: [KeptDecision] = [],
        feedback: [VerdictFeedback] = [],
        wakeAt: Timestamp?
    ) {
        self.id = id
        self.event = event
        self.repeats = repeats
        self.plan = plan
        self.openedAt = openedAt
        self.deployedAt = deployedAt
        self.phase = phase
        self.lastLook = lastLook
        self.missedLooks = missedLooks
        self.hold = hold
        self.holdAttempts = holdAttempts
        self.lastLookTriedAt = lastLookTriedAt
        self.finalVerdict = finalVerdict
        self.decisions = decisions
        self.feedback = feedback
        self.wakeAt = wakeAt
    }

    /// Nil in an analysis that ended before it had a plan.
    package var planOrigin: PlanOrigin? {
        guard !plan.metrics.isEmpty else { return nil }
        return event.inlinePlan == nil ? .directory : .event
    }

    package var schedule: LookSchedule { LookSchedule(plan.judgedSchedule, deployedAt: deployedAt) }

    /// Takes what happened and says what to do about it. A finished session ignores everything.
    package mutating func handle(_ input: Input, at now: Timestamp) -> [Action] {
        guard phase != .finished else { return [] }
        switch input {
        case .woken: return wake(at: now)
        case .sampled(let samples): return review(samples, at: now)
        case .judged(let judgement, let review, let changes): return conclude(judgement, review, changes, at: now)
        case .updated(let event):
            update(with: event)
            return []
        case .superseded(let version, let weight):
            // Another version is reason enough; another step of the same one is told apart by its weight.
            let before = version == event.version ? event.weight : nil
            return end(.superseded(by: version, weight: weight, before: before), at: now)
        case .cancelled(let reason):
            return end(.cancelled(reason), at: now)
        case .decided(let decision):
            return end(by: decision, at: now)
        }
    }

    // MARK: - Looks

    private mutating func wake(at now: Timestamp) -> [Action] {
        guard let look = schedule.latestDue(at: now), look.number > lastLook else {
            wakeAt = schedule.look(lastLook + 1).due
            return []
        }
        phase = .sampling
        if look.isLast, lastLookTriedAt == nil { lastLookTriedAt = now }
        return [.sample(look)]
    }

    private mutating func review(_ samples: LookSamples, at now: Timestamp) -> [Action] {
        let review = LookReview(samples, plan: plan)
        if let impossible = review.impossible {
            let draft = draft(review, judgement: nil)
            return end(.notJudgeable(impossible), at: now, draft)
        }
        return [.judge(review, rules: plan.scoringRules)]
    }

    private mutating func conclude(
        _ judgement: Judgement,
        _ review: LookReview,
        _ changes: OtherChanges?,
        at now: Timestamp
    ) -> [Action] {
        let look = review.samples.look
        var draft = draft(review, judgement: judgement)
        draft.changes = changes
        let held = review.hold
        if held == nil {
            hold = nil
            holdAttempts = 0
        }
        let early = look.isLast ? "" : " (ended early at look \(look.number) of \(schedule.count))"
        if plan.failsNow(judgement, isComplete: held == nil, isLast: look.isLast) {
            // The decision rests on the evidence at hand: what was waited for has no part in it.
            hold = nil
            if let doubt = plan.otherChanges == .hold ? changes?.doubt : nil {
                guard !look.isLast else { return end(.otherChange(doubt), at: now, draft) }
                return goOn(after: look, .inconclusive, "waiting: \(doubt)", at: now, draft)
            }
            return decide(.fail, judgement.summary(plan.thresholds) + early, at: now, draft)
        }
        guard let held else {
            if ends(look, judgement) {
                let ending = judgement.ending(plan)
                return decide(ending.result, ending.reason + early, at: now, draft)
            }
            let summary = judgement.summary(plan.thresholds)
            return goOn(after: look, judgement.result, summary, note: passNote(judgement), at: now, draft)
        }
        return wait(for: held, look, at: now, draft)
    }

    private mutating func goOn(
        after look: Look,
        _ result: JudgementResult,
        _ reason: String,
        note: String = "",
        at now: Timestamp,
        _ draft: Draft
    ) -> [Action] {
        passed(look)
        let next = schedule.look(look.number + 1)
        wakeAt = next.due
        let step = "look \(next.number) of \(schedule.count) at \(next.due)\(note)"
        return [.publish(verdict(.interim, .completed, result, reason, step, at: now, draft))]
    }

    private func ends(_ look: Look, _ judgement: Judgement) -> Bool {
        look.isLast || judgement.decision == .passNow && look.window.end >= earliestPass
    }

    /// Whether the judgement ends the analysis, and not with a pass: then its verdict says what else changed.
    package func wantsChanges(_ judgement: Judgement, _ review: LookReview, at now: Timestamp) -> Bool {
        let (look, isHeld) = (review.samples.look, review.hold != nil)
        if plan.failsNow(judgement, isComplete: !isHeld, isLast: look.isLast) { return true }
        return isHeld ? now >= deadline : ends(look, judgement) && judgement.ending(plan).result != .pass
    }

    private mutating func wait(
        for held: (cause: HoldCause, reason: String),
        _ look: Look,
        at now: Timestamp,
        _ draft: Draft
    ) -> [Action] {
        guard now < deadline else {
            return end(.gaveUp(held.cause, waiting: plan.schedule.deadline, for: held.reason), at: now, draft)
        }
        let isNew = hold?.cause != held.cause
        hold = Hold(cause: held.cause, reason: held.reason, since: isNew ? now : hold?.since ?? now)
        holdAttempts = isNew ? 1 : holdAttempts + 1
        // Only more time brings more samples: an interim look that lacks them ends; the next one sees them.
        let isOver = !look.isLast && (held.cause == .tooFewSamples || held.cause == .noData)
        if isOver { passed(look) }
        wakeAt = isOver ? schedule.look(look.number + 1).due : min(retry(at: now), deadline)
        guard isNew || isOver else { return [] }
        let next = isOver ? "look \(look.number + 1) of \(schedule.count)" : "the same look again"
        let step = "waits for its metrics; \(next) at \(wakeAt ?? now)"
        return [.publish(verdict(.interim, .completed, .inconclusive, "waiting: \(held.reason)", step, at: now, draft))]
    }

    /// When a held session gives up. If the last look was first tried late (no replica was running), it gets half of the
    /// plan's deadline from that attempt.
    private var deadline: Timestamp {
        guard let tried = lastLookTriedAt else { return schedule.deadline }
        return max(schedule.deadline, tried + plan.schedule.deadline / 2)
    }

    /// Exponential back-off from one step to one interval.
    private func retry(at now: Timestamp) -> Timestamp {
        let step = max(1000, plan.schedule.step.milliseconds)
        let limit = max(step, plan.schedule.interval.milliseconds)
        return now + .milliseconds(min(limit, step << min(Int64(holdAttempts - 1), 10)))
    }

    private mutating func passed(_ look: Look) {
        missedLooks += max(0, look.number - lastLook - 1)
        lastLook = max(lastLook, look.number)
    }

    /// Ends a session without a look: one that never began, or whose samples cannot be had.
    package mutating func reject(_ ending: UndecidedEnding, at now: Timestamp) -> Verdict {
        finish(ending.status, .inconclusive, ending.reason, ending.cause, at: now, Draft())
    }

    // MARK: - Verdicts

    /// The parts of a verdict that come from a look.
    private struct Draft {
        var look: Look?
        var judgement: Judgement?
        var metrics: [MetricVerdict] = []
        var warnings: [String] = []
        var changes: OtherChanges?
    }

    private func draft(_ review: LookReview, judgement: Judgement?) -> Draft {
        // The score of part of the metrics is not the plan's.
        let warnings = review.hold == nil ? judgement.map { NetflixACAJudge.caveats(of: $0) } ?? [] : []
        return Draft(
            look: review.samples.look,
            judgement: judgement,
            metrics: metricVerdicts(of: review, judgement),
            warnings: pastNote + review.samples.planWarnings + warnings.map(\.description)
        )
    }

    /// Ends the analysis with what its last judgement says.
    private mutating func decide(
        _ result: JudgementResult,
        _ reason: String,
        at now: Timestamp,
        _ draft: Draft
    ) -> [Action] {
        let cause = result == .inconclusive ? draft.judgement?.undecidedCause(by: plan) ?? .judge : nil
        return [.publish(finish(.completed, result, reason, cause, at: now, draft))]
    }

    /// Ends the analysis without an answer about the release.
    private mutating func end(_ ending: UndecidedEnding, at now: Timestamp, _ draft: Draft = Draft()) -> [Action] {
        [.publish(finish(ending.status, .inconclusive, ending.reason, ending.cause(of: draft.metrics), at: now, draft))]
    }

    /// Ends the analysis as a person says. What it waited for has no part in that.
    private mutating func end(by decision: PersonDecision, at now: Timestamp) -> [Action] {
        hold = nil
        var final: Verdict
        switch decision.kind {
        case .approve: final = finish(.completed, .pass, decision.sentence, nil, at: now, Draft())
        case .abort: final = finish(.completed, .fail, decision.sentence, nil, at: now, Draft())
        case .cancel:
            let ending = UndecidedEnding.cancelled(decision.sentence)
            final = finish(ending.status, .inconclusive, ending.reason, ending.cause, at: now, Draft())
        case .unknown: return []
        }
        final.decision = decision
        finalVerdict = final
        return [.publish(final)]
    }

    private mutating func finish(
        _ status: VerdictStatus,
        _ result: JudgementResult,
        _ reason: String,
        _ cause: UndecidedCause?,
        at now: Timestamp,
        _ draft: Draft
    ) -> Verdict {
        if let look = draft.look { passed(look) }
        var final = verdict(.final, status, result, reason, "none: the analysis has ended", at: now, draft)
        final.cause = cause
        final.changes = draft.changes
        phase = .finished
        wakeAt = nil
        finalVerdict = final
        return final
    }

    private func verdict(
        _ kind: VerdictKind,
        _ status: VerdictStatus,
        _ result: JudgementResult,
        _ reason: String,
        _ nextStep: String,
        at now: Timestamp,
        _ draft: Draft
    ) -> Verdict {
        let isHeld = kind == .interim && draft.metrics.contains { $0.held != nil }
        let suffix = isHeld ? "held-\(hold?.cause.rawValue ?? "")" : kind.rawValue
        let look = draft.look?.number ?? lastLook
        var verdict = Verdict(
            // A session has one final verdict, so that its id does not depend on the look that brought it.
            id: kind == .final ? "\(id)/final" : "\(id)/\(look)/\(suffix)",
            session: id,
            kind: kind,
            status: status,
            result: result,
            // A score of part of the metrics would mislead.
            score: isHeld || draft.judgement?.metrics.isEmpty ?? true ? nil : draft.judgement?.score,
            reason: reason,
            nextStep: nextStep,
            hold: hold,
            event: event,
            plan: plan.name,
            planOrigin: planOrigin,
            judge: plan.judge,
            thresholds: plan.thresholds,
            openedAt: openedAt,
            decidedAt: now,
            look: look,
            looks: schedule.count,
            window: draft.look?.window,
            step: plan.schedule.step,
            groups: draft.judgement?.groups ?? [],
            metrics: draft.metrics.map { kind == .final ? $0 : $0.withoutTrail },
            warnings: draft.warnings
        )
        verdict.repeats = repeats
        return verdict
    }
}
