package import Analysis
package import Store

/// Answers one deploy event: what it opens, updates, supersedes or cancels.
package struct SessionOpener: Sendable {
    private let plans: any PlanSource
    private let composer: OutboxComposer
    private let maximumAge: Duration

    /// Events whose deployment is older than `maximumAge` are answered with a cancelled verdict.
    package init(plans: any PlanSource, composer: OutboxComposer, maximumAge: Duration) {
        self.plans = plans
        self.composer = composer
        self.maximumAge = maximumAge
    }

    /// The change that answers `inbox`, given the unfinished sessions of its release. Pure but for reading plans.
    package func answer(_ inbox: InboxEvent, unfinished: [StoredSession], at now: Timestamp) -> StoreChange {
        var change = StoreChange()
        let event = inbox.event
        let outcome: String
        switch event.phase {
        case .cancelled:
            let ended = unfinished.filter { $0.session.event.version == event.version }
            for stored in ended {
                end(stored, .cancelled(reason: "version \(event.version) was withdrawn"), now, &change)
            }
            outcome =
                ended.isEmpty ? "nothing to cancel" : "cancelled \(ended.map(\.session.id).joined(separator: ", "))"
        case .deployed:
            if let same = unfinished.first(where: { Self.isSameRelease($0.session.event, event) }) {
                var updated = same
                _ = updated.session.handle(.updated(event), at: now)
                change.written.append(updated)
                outcome = "updated \(same.session.id)"
            } else {
                outcome = open(inbox, unfinished, now, &change)
            }
        }
        change.answered = (inbox.sequence, outcome, now)
        return change
    }

    private static func isSameRelease(_ known: DeployEvent, _ event: DeployEvent) -> Bool {
        known.version == event.version
            && (known.revision == nil || event.revision == nil || known.revision == event.revision)
    }

    private func open(
        _ inbox: InboxEvent,
        _ unfinished: [StoredSession],
        _ now: Timestamp,
        _ change: inout StoreChange
    ) -> String {
        let event = inbox.event
        let id = SessionID.make(for: event.identity)
        if let time = event.time, now.since(time) > maximumAge {
            let reason = "expired: the version was deployed at \(time), more than \(maximumAge.compactText) ago"
            return reject(id, inbox, .cancelled, reason, now, &change)
        }
        let plan: AnalysisPlan
        do throws(PlanUnavailable) { plan = try plans.plan(for: event) } catch {
            return reject(id, inbox, .errored, "no plan: \(error.reason)", now, &change)
        }
        var session = AnalysisSession(id: id, event: event, plan: plan, receivedAt: inbox.receivedAt)
        // A release that is older than the one being analysed arrived late: it is over already.
        let newer = unfinished.first { $0.session.deployedAt > session.deployedAt }
        if let newer {
            apply(session.handle(.superseded(version: newer.session.event.version), at: now), &change)
        } else {
            change.messages += composer.opened(session, at: now)
            for older in unfinished { end(older, .superseded(version: event.version), now, &change) }
        }
        change.opened.append(session)
        return newer == nil ? "opened \(id)" : "opened \(id), superseded at once"
    }

    private func reject(
        _ id: String,
        _ inbox: InboxEvent,
        _ status: VerdictStatus,
        _ reason: String,
        _ now: Timestamp,
        _ change: inout StoreChange
    ) -> String {
        let (session, verdict) = AnalysisSession.rejected(
            id: id,
            event: inbox.event,
            status: status,
            reason: reason,
            receivedAt: inbox.receivedAt,
            at: now
        )
        change.opened.append(session)
        apply([.publish(verdict)], &change)
        return "rejected: \(reason)"
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
            change.messages += composer.decided(verdict)
        }
    }
}
