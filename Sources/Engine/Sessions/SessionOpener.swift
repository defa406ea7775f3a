package import Analysis
package import Store

/// Turns the answer to a deploy event into what the store has to change.
package struct SessionOpener: Sendable {
    private let plans: any PlanSource
    private let rules: OpeningRules

    /// Events whose deployment is older than `maximumAge` are answered with a cancelled verdict.
    package init(plans: any PlanSource, maximumAge: Duration) {
        self.plans = plans
        rules = OpeningRules(maximumAge: maximumAge)
    }

    /// The change that answers `inbox`, given what is known about its release. A plan that came with the event was read
    /// when the event came in; it is not read again here, where a transaction is open.
    package func answer(_ inbox: InboxEvent, _ record: ReleaseRecord, at now: Timestamp) -> StoreChange {
        let answer = rules.answer(
            OpeningRules.Arrival(event: inbox.event, receivedAt: inbox.receivedAt),
            history: record.history,
            unfinished: record.unfinished.map(\.session),
            at: now
        ) { (event) throws(PlanUnavailable) in
            if let plan = inbox.plan { return plan }
            return try plans.plan(for: event)
        }
        var change = StoreChange()
        change.answer = StoreChange.Answer(
            outcome: answer.outcome,
            at: now,
            history: answer.history,
            futureTimes: answer.futureTimes
        )
        if answer.isNews { change.releases = [KnownChange(ChangeEvent(inbox.event), receivedAt: inbox.receivedAt)] }
        change.opened = answer.opened
        let versions = Dictionary(record.unfinished.map { ($0.session.id, $0.version) }) { first, _ in first }
        change.written = answer.changed.compactMap { session in
            versions[session.id].map { StoredSession(session: session, version: $0) }
        }
        change.verdicts = answer.verdicts
        return change
    }
}
