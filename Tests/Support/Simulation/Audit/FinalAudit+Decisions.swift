import Analysis
import EventFormats
import Judging
import Kafka
import Rollout
import Store

/// Decisions are what they would have been without trouble, and what is done follows from them.
extension FinalAudit {
    func verdictProblem() -> String? {
        for (_, row) in tables.sessions.sorted(by: { $0.key < $1.key }) {
            guard let verdict = row.session.finalVerdict, let problem = problem(of: verdict, in: row.session) else {
                continue
            }
            return "verdict \(verdict.id) (\(verdict.status.rawValue), \(verdict.result.rawValue)): \(problem)"
        }
        return nil
    }

    private func problem(of verdict: Verdict, in session: AnalysisSession) -> String? {
        switch verdict.status {
        case .cancelled: return nil
        case .errored:
            let hasWaited = verdict.decidedAt >= session.schedule.deadline && verdict.hasGivenUp
            return hasWaited && mayGiveUp(session) ? nil : "should not have failed: \(verdict.reason)"
        case .completed: break
        case .unknown: return "its status is not known"
        }
        if verdict.result == .inconclusive, verdict.hasGivenUp, mayGiveUp(session) { return nil }
        if session.plan.judge == SequentialJudge.name {
            return sequentialProblem(of: verdict, in: session)
        }
        return problem(of: verdict, in: session, excluded: [])
    }

    /// Steps that came late for the last look may be missing from it, or not.
    private func sequentialProblem(of verdict: Verdict, in session: AnalysisSession) -> String? {
        let steps = session.schedule.look(session.schedule.count).window.sampleCount(step: session.plan.schedule.step)
        let isLast = verdict.look == session.schedule.count
        guard !isLast || session.isSettled(folded: steps, world.series) else { return nil }
        // A session that ended with its first look never stored what it went by.
        let kept = world.stateAuditor.kept(by: session)
        let isUnknown = verdict.metrics.indices.contains { index in
            guard kept[index] == nil else { return false }
            let judgement = verdict.metrics[index].judgement
            // Without a history a histogram chooses its bounds by its first units, and has no evidence before.
            return judgement.sequential?.noise.source == .kept || verdict.look == 1 && judgement.awaitsComparison
        }
        guard !isUnknown else { return nil }
        let problems = world.stateAuditor.possibleExclusions(of: session).map {
            problem(of: verdict, in: session, excluded: $0)
        }
        return problems.contains(nil) ? nil : problems.first ?? "nothing is known of what it has learned from"
    }

    private func problem(of verdict: Verdict, in session: AnalysisSession, excluded: [UnlearnedTimesAsListed])
        -> String?
    {
        let kept = world.stateAuditor.kept(by: session)
        guard let last = UndisturbedLook.last(of: session, from: world.series, excluded: excluded, kept: kept),
            let same = UndisturbedLook(verdict.look, of: session, from: world.series, excluded: excluded, kept: kept)
        else { return "there is no undisturbed run" }
        if session.plan.judge == SequentialJudge.name, verdict.metrics.contains(where: { $0.held != nil }) {
            return heldProblem(of: verdict, same.judgement)
        }
        let judged = verdict.metrics.map(\.judgement.withoutSplit)
        guard verdict.result == same.result(session.plan), verdict.score == same.judgement.score else {
            return "undisturbed it is \(same.judgement.result.rawValue) with \(same.judgement.score)"
        }
        guard judged == same.judgement.metrics.map(\.withoutSplit) else {
            return "its metrics differ from those of an undisturbed run"
        }
        let skipped = session.missedLooks > 0
        guard verdict.look == last.look.number || (skipped && verdict.look > last.look.number) else {
            return "look \(verdict.look) decided it; undisturbed it is look \(last.look.number)"
        }
        return nil
    }

    /// Harm that one metric shows fails the release while another is waited for. The evidence for it is that of an analysis
    /// without trouble.
    private func heldProblem(of verdict: Verdict, _ undisturbed: Judgement) -> String? {
        guard verdict.result == .fail else { return "metrics were waited for, and it is \(verdict.result.rawValue)" }
        for (metric, other) in zip(verdict.metrics, undisturbed.metrics) where metric.held == nil {
            let (evidence, expected) = (metric.judgement.sequential, other.sequential)
            guard metric.judgement.control == other.control, metric.judgement.experiment == other.experiment,
                evidence?.harmEvidence == expected?.harmEvidence, evidence?.effect == expected?.effect
            else { return "\(other.name) differs from that of an undisturbed run" }
        }
        return nil
    }

    /// Only a plan whose deadline can pass while something is wrong may end without a decision.
    private func mayGiveUp(_ session: AnalysisSession) -> Bool {
        session.plan.schedule.deadline < world.scenario.pace.end && !world.scenario.isCalm
    }

    /// The sessions of a verdict's release, for people.
    func releases(besides id: String) -> String {
        let sessions = tables.sessions.values.map(\.session)
        let release = sessions.first { "\($0.id)/final" == id }?.event.release
        return sessions.filter { $0.event.release == release }.sorted { $0.openedAt < $1.openedAt }
            .map { session in
                let verdict = session.finalVerdict
                let (status, result) = (verdict?.status.rawValue ?? "", verdict?.result.rawValue ?? "")
                let end = "\(status) \(result) at \(verdict?.decidedAt.rfc3339 ?? "")"
                return "\(session.event.version) (\(session.id.prefix(8))) opened at \(session.openedAt),"
                    + " deployed at \(session.deployedAt), \(end)"
            }
            .joined(separator: "; ")
    }

    func rolloutProblem() -> String? {
        for action in world.performed.value {
            let verdict = action.verdict
            guard tables.verdicts[verdict.session]?.contains(where: { $0.id == verdict.id }) == true else {
                return "the controller acted on \(verdict.id), which was never decided"
            }
            let expected: JudgementResult = action.kind == .abort ? .fail : .pass
            guard verdict.kind == .final, verdict.status == .completed, verdict.result == expected,
                verdict.hold?.cause.isOutage != true
            else { return "the controller did \(action.kind.rawValue) for \(verdict.id), \(verdict.result.rawValue)" }
        }
        return answerProblem() ?? actionProblem()
    }

    /// The newest release that was judged is promoted or undone, whatever arrived late about older ones.
    private func actionProblem() -> String? {
        let performed = Set(world.performed.value.map(\.verdict.id))
        let sessions = tables.sessions.values.map(\.session).sorted { $0.id < $1.id }
        for session in sessions {
            guard let verdict = session.finalVerdict, verdict.status == .completed,
                [.pass, .fail].contains(verdict.result), !performed.contains(verdict.id)
            else { continue }
            let isNewest = sessions.allSatisfy { other in
                other.event.release != session.event.release || other.deployedAt < session.deployedAt
                    || other.id == session.id
            }
            if isNewest {
                return "verdict \(verdict.id), \(verdict.result.rawValue), was not acted on:"
                    + " \(releases(besides: verdict.id))"
            }
        }
        return nil
    }

    private func answerProblem() -> String? {
        var answered: Set<String> = []
        for record in world.bus.topic(Topics.rollouts).allCommitted {
            let headers = record.headers.map { EventHeader(name: $0.key, value: $0.value) }
            guard let event = try? CloudEventKafkaBinding.decode(value: record.value, headers: headers),
                let action = try? RolloutEvent.decode(event)
            else { return "a rollout event cannot be read" }
            answered.insert(action.verdictID)
        }
        let finals = Set(tables.sessions.keys.map { "\($0)/final" })
        return finals.subtracting(answered).min().map { id in
            "verdict \(id) was not answered by the controller: \(releases(besides: id))"
        }
    }
}

extension Verdict {
    /// The deadline passed while metrics were waited for.
    fileprivate var hasGivenUp: Bool { cause.flatMap { HoldCause(known: $0.rawValue) } != nil }
}
