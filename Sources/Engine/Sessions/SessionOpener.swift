package import Analysis
package import Store

/// Answers one deploy event: what it opens, updates, supersedes or cancels.
package struct SessionOpener: Sendable {
    private let plans: any PlanSource
    private let maximumAge: Duration

    /// Events whose deployment is older than `maximumAge` are answered with a cancelled verdict.
    package init(plans: any PlanSource, maximumAge: Duration) {
        self.plans = plans
        self.maximumAge = maximumAge
    }

    /// The change that answers `inbox`, given what is known about its releases. Pure but for reading plans.
    package func answer(_ inbox: InboxEvent, _ record: ReleaseRecord, at now: Timestamp) -> StoreChange {
        var change = StoreChange()
        let event = inbox.event
        var history = record.history
        let same = record.unfinished.filter { $0.session.event.release == event.release }
        let meaning = history.take(
            event,
            receivedAt: inbox.receivedAt,
            analysed: record.unfinished.map(\.session.event)
        )
        let outcome: String
        switch meaning {
        case .opens:
            let openedAt = history.opening(receivedAt: inbox.receivedAt)
            outcome = open(inbox, openedAt, superseding: same, now, &change)
        case .repeats: outcome = update(with: event, same, now, &change)
        case .outdated(let time): outcome = "nothing to cancel: version \(event.version) was deployed again at \(time)"
        case .withdraws: outcome = withdraw(inbox, record.unfinished, now, &change)
        case .late(let newer):
            let openedAt = history.opening(receivedAt: inbox.receivedAt)
            let end = AnalysisSession.Input.superseded(version: newer)
            outcome = open(inbox, openedAt, endedBy: end, now, &change) + ", superseded at once"
        case .withdrawn(let time):
            let openedAt = history.opening(receivedAt: inbox.receivedAt)
            let end = AnalysisSession.Input.cancelled(reason: "version \(event.version) was withdrawn at \(time)")
            outcome = open(inbox, openedAt, endedBy: end, now, &change) + ", cancelled at once"
        }
        change.answer = StoreChange.Answer(outcome: outcome, at: now, history: history)
        return change
    }

    // MARK: - Meanings

    private func open(
        _ inbox: InboxEvent,
        _ openedAt: Timestamp,
        superseding older: [StoredSession],
        _ now: Timestamp,
        _ change: inout StoreChange
    ) -> String {
        // Whether or not the new version can be analysed, it has replaced those before it.
        for stored in older { end(stored, .superseded(version: inbox.event.version), now, &change) }
        switch session(for: inbox, openedAt, now) {
        case .success(let session):
            change.opened.append(session)
            return "opened \(session.id)"
        case .failure(let rejection):
            return reject(inbox, openedAt, rejection, now, &change)
        }
    }

    /// The event came too late for an analysis; a pipeline that waits for its verdict still gets one.
    private func open(
        _ inbox: InboxEvent,
        _ openedAt: Timestamp,
        endedBy input: AnalysisSession.Input,
        _ now: Timestamp,
        _ change: inout StoreChange
    ) -> String {
        switch session(for: inbox, openedAt, now) {
        case .success(var session):
            apply(session.handle(input, at: now), &change)
            change.opened.append(session)
            return "opened \(session.id)"
        case .failure(let rejection):
            return reject(inbox, openedAt, rejection, now, &change)
        }
    }

    private func update(
        with event: DeployEvent,
        _ unfinished: [StoredSession],
        _ now: Timestamp,
        _ change: inout StoreChange
    ) -> String {
        guard var same = unfinished.first(where: { event.isSameStep(as: $0.session.event) }) else {
            return "nothing to update"
        }
        _ = same.session.handle(.updated(event), at: now)
        change.written.append(same)
        return "updated \(same.session.id)"
    }

    private func withdraw(
        _ inbox: InboxEvent,
        _ unfinished: [StoredSession],
        _ now: Timestamp,
        _ change: inout StoreChange
    ) -> String {
        let event = inbox.event
        let time = min(event.time ?? inbox.receivedAt, inbox.receivedAt)
        let ended = unfinished.filter { stored in
            stored.session.event.version == event.version && stored.session.event.release.isMeant(by: event.release)
                && ReleaseTimeline.ends(deployedAt: stored.session.deployedAt, withdrawnAt: time)
        }
        for stored in ended {
            end(stored, .cancelled(reason: "version \(event.version) was withdrawn"), now, &change)
        }
        return ended.isEmpty ? "nothing to cancel" : "cancelled \(ended.map(\.session.id).joined(separator: ", "))"
    }

    // MARK: - Sessions

    private struct Rejection: Error {
        var ending: UndecidedEnding
    }

    private func session(
        for inbox: InboxEvent,
        _ openedAt: Timestamp,
        _ now: Timestamp
    ) -> Result<AnalysisSession, Rejection> {
        let event = inbox.event
        if let time = event.time, now.since(time) > maximumAge {
            let reason = "the version was deployed at \(time), more than \(maximumAge.compactText) ago"
            return .failure(Rejection(ending: .expired(reason)))
        }
        do throws(PlanUnavailable) {
            let plan = try plans.plan(for: event)
            let id = SessionID.make(for: event.identity)
            let received = inbox.receivedAt
            return .success(
                AnalysisSession(id: id, event: event, plan: plan, receivedAt: received, openedAt: openedAt)
            )
        } catch {
            return .failure(Rejection(ending: .noPlan(error.reason)))
        }
    }

    private func reject(
        _ inbox: InboxEvent,
        _ openedAt: Timestamp,
        _ rejection: Rejection,
        _ now: Timestamp,
        _ change: inout StoreChange
    ) -> String {
        let (session, verdict) = AnalysisSession.rejected(
            id: SessionID.make(for: inbox.event.identity),
            event: inbox.event,
            ending: rejection.ending,
            receivedAt: inbox.receivedAt,
            openedAt: openedAt,
            at: now
        )
        change.opened.append(session)
        apply([.publish(verdict)], &change)
        return "rejected: \(rejection.ending.reason)"
    }

    private func end(
        _ stored: StoredSession,
        _ input: AnalysisSession.Input,
        _ now: Timestamp,
        _ change: inout StoreChange
    ) {
        var stored = stored
        apply(stored.session.handle(input, at: now), &change)
        change.written.append(stored)
    }

    private func apply(_ actions: [AnalysisSession.Action], _ change: inout StoreChange) {
        for case .publish(let verdict) in actions {
            change.verdicts.append(verdict)
        }
    }
}
