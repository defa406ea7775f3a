import Text

/// Answers deploy events: which open an analysis, which change or end one, and which get a verdict at once.
package struct OpeningRules: Sendable {
    /// An event whose deployment is older is answered with a cancelled verdict.
    private let maximumAge: Duration

    package init(maximumAge: Duration) {
        self.maximumAge = maximumAge
    }

    /// A deploy event, and when it came in.
    package struct Arrival: Sendable {
        package var event: DeployEvent
        package var receivedAt: Timestamp

        package init(event: DeployEvent, receivedAt: Timestamp) {
            self.event = event
            self.receivedAt = receivedAt
        }
    }

    /// `unfinished` are the analyses of the application in its environment, of every cluster and namespace. `plan` is
    /// asked only when one is needed.
    package func answer(
        _ arrival: Arrival,
        history: ReleaseHistory,
        unfinished: [AnalysisSession],
        at now: Timestamp,
        plan: (DeployEvent) throws(PlanUnavailable) -> AnalysisPlan
    ) -> EventAnswer {
        let event = arrival.event
        var arrival = arrival
        var answer = EventAnswer(history: history)
        if ClockTolerance.isFuture(arrival.receivedAt, at: now) {
            arrival.receivedAt = now
            answer.futureTimes += 1
        }
        // It counts as of when it was received.
        if let time = event.time, ClockTolerance.isFuture(time, at: arrival.receivedAt) { answer.futureTimes += 1 }
        answer.futureTimes += answer.history.correct(
            before: min(event.time ?? arrival.receivedAt, arrival.receivedAt),
            now: now
        )
        let same = unfinished.filter { $0.event.release == event.release }
        var history = answer.history
        let meaning = history.apply(event, receivedAt: arrival.receivedAt, analysed: unfinished.map(\.event))
        if meaning == .opens, refuse(arrival, toEnd: same, at: now, &answer) { return answer }
        answer.history = history
        answer.isNews = meaning.isNews
        switch meaning {
        case .opens:
            // Whether or not the new version can be analysed, it has replaced those before it.
            for session in same {
                answer.end(session, .superseded(version: event.version, weight: event.weight), at: now)
            }
            open(arrival, endedBy: nil, at: now, plan, &answer)
        case .late(let newer):
            open(arrival, endedBy: (.superseded(version: newer), ", superseded at once"), at: now, plan, &answer)
        case .withdrawn(let time):
            let end = AnalysisSession.Input.cancelled(reason: "version \(event.version) was withdrawn at \(time)")
            open(arrival, endedBy: (end, ", cancelled at once"), at: now, plan, &answer)
        case .repeats: update(with: event, same, at: now, &answer)
        case .withdraws: withdraw(arrival, unfinished, at: now, &answer)
        case .outdated(let time):
            answer.outcome = "nothing to cancel: version \(event.version) was deployed again at \(time)"
        }
        return answer
    }

    /// Opens an analysis. One that ends at once came too late; it still gets a verdict, which a pipeline may wait for.
    private func open(
        _ arrival: Arrival,
        endedBy end: (input: AnalysisSession.Input, note: String)?,
        at now: Timestamp,
        _ plan: (DeployEvent) throws(PlanUnavailable) -> AnalysisPlan,
        _ answer: inout EventAnswer
    ) {
        let event = arrival.event
        let id = SessionID.make(for: event.identity)
        let openedAt = answer.history.opening(receivedAt: arrival.receivedAt)
        if let time = event.time, now.since(time) > maximumAge {
            let reason = "the version was deployed at \(time), more than \(maximumAge.compactText) ago"
            reject(arrival, openedAt, .expired(reason), at: now, &answer)
        } else {
            do throws(PlanUnavailable) {
                let plan = try plan(event)
                if let problem = plan.problem(withScopesOf: event) {
                    reject(arrival, openedAt, .notJudgeable(problem), at: now, &answer)
                } else {
                    var session = AnalysisSession(
                        id: id,
                        event: event,
                        plan: plan,
                        receivedAt: arrival.receivedAt,
                        openedAt: openedAt
                    )
                    if let end { answer.apply(session.handle(end.input, at: now)) }
                    answer.opened.append(session)
                    answer.outcome = "opened \(id)"
                }
            } catch {
                reject(arrival, openedAt, .noPlan(error.reason), at: now, &answer)
            }
        }
        answer.outcome += end?.note ?? ""
    }

    /// Refuses an event that would end, with a plan of its own, an analysis that goes by a plan of the operator: its sender
    /// would choose the verdict. It leaves no trace in the history of the release.
    ///
    /// - Returns: whether the event was refused.
    private func refuse(
        _ arrival: Arrival,
        toEnd analyses: [AnalysisSession],
        at now: Timestamp,
        _ answer: inout EventAnswer
    ) -> Bool {
        guard arrival.event.inlinePlan != nil,
            let kept = analyses.filter({ $0.planOrigin != .event }).min(by: { $0.openedAt < $1.openedAt })
        else { return false }
        let reason =
            "the event brings a plan of its own, and would end the analysis of version \(kept.event.version.excerpt())"
            + " by the plan \(kept.plan.name.excerpt(128)): withdraw that version first, or name a plan"
        // Of two analyses the one that was opened later counts: this must not be it.
        let openedAt = kept.openedAt - .milliseconds(1)
        reject(arrival, openedAt, .notJudgeable(reason), at: now, &answer)
        return true
    }

    private func reject(
        _ arrival: Arrival,
        _ openedAt: Timestamp,
        _ ending: UndecidedEnding,
        at now: Timestamp,
        _ answer: inout EventAnswer
    ) {
        let (session, verdict) = AnalysisSession.rejected(
            id: SessionID.make(for: arrival.event.identity),
            event: arrival.event,
            ending: ending,
            receivedAt: arrival.receivedAt,
            openedAt: openedAt,
            at: now
        )
        answer.opened.append(session)
        answer.verdicts.append(verdict)
        answer.outcome = "rejected: \(ending.reason)"
    }

    private func update(
        with event: DeployEvent,
        _ unfinished: [AnalysisSession],
        at now: Timestamp,
        _ answer: inout EventAnswer
    ) {
        guard var session = unfinished.first(where: { event.isRepeat(of: $0.event) }) else {
            answer.outcome = "nothing to update"
            return
        }
        answer.apply(session.handle(.updated(event), at: now))
        answer.changed.append(session)
        answer.outcome = "updated \(session.id)"
    }

    private func withdraw(
        _ arrival: Arrival,
        _ unfinished: [AnalysisSession],
        at now: Timestamp,
        _ answer: inout EventAnswer
    ) {
        let event = arrival.event
        let time = min(event.time ?? arrival.receivedAt, arrival.receivedAt)
        let ended = unfinished.filter { session in
            session.event.version == event.version && session.event.release.isMeant(by: event.release)
                && (ClockTolerance.isFuture(session.deployedAt, at: now)
                    || ReleaseTimeline.ends(deployedAt: session.deployedAt, withdrawnAt: time))
        }
        for session in ended {
            answer.end(session, .cancelled(reason: "version \(event.version) was withdrawn"), at: now)
        }
        answer.outcome =
            ended.isEmpty ? "nothing to cancel" : "cancelled \(ended.map(\.id).joined(separator: ", "))"
    }
}

extension EventAnswer {
    fileprivate mutating func end(_ session: AnalysisSession, _ input: AnalysisSession.Input, at now: Timestamp) {
        var session = session
        apply(session.handle(input, at: now))
        changed.append(session)
    }

    fileprivate mutating func apply(_ actions: [AnalysisSession.Action]) {
        for case .publish(let verdict) in actions { verdicts.append(verdict) }
    }
}
