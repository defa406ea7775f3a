import Analysis
import Store

extension MemoryTables {
    mutating func receive(_ events: [ReceivedEvent]) -> [InboxOutcome] {
        events.map { received in
            if let known = repetition(of: received.event) { return known }
            let sequence = Int64(inbox.count + 1)
            let event = InboxEvent(
                sequence: sequence,
                event: received.event,
                receivedAt: received.receivedAt,
                plan: received.plan
            )
            inbox.append(InboxRow(event: event, original: received.original))
            inboxSequences[received.event.identity] = sequence
            unanswered.append(sequence)
            return .accepted
        }
    }

    private func repetition(of event: DeployEvent) -> InboxOutcome? {
        guard !defects.contains(.forgottenDuplicates) else { return nil }
        if let known = inboxSequences[event.identity].flatMap({ inbox[Int($0) - 1]?.event.event }) {
            return event.conflict(with: known).map { .conflict($0) } ?? .duplicate
        }
        guard let session = sessions[SessionID.make(for: event.identity)]?.session else { return nil }
        return event.conflict(withAnalysisOf: session.event).map { .conflict($0) } ?? .duplicate
    }

    func originalEvent(_ identity: EventIdentity) -> OriginalEvent? {
        inboxSequences[identity].flatMap { inbox[Int($0) - 1]?.original }
    }

    func knownEvent(_ identity: EventIdentity) -> KnownEvent? {
        guard let row = inboxSequences[identity].flatMap({ inbox[Int($0) - 1] }), row.problem == nil else { return nil }
        return KnownEvent(event: row.event.event, outcome: row.answer.map(\.outcome))
    }

    func unansweredEvents(limit: Int) -> [InboxEvent] {
        unanswered.prefix(max(0, limit)).compactMap { inbox[Int($0) - 1]?.event }
    }

    mutating func answerEvents(
        limit: Int,
        _ answer: (InboxEvent, ReleaseRecord) throws(StoreError) -> StoreChange
    ) throws(StoreError) -> [AnsweredEvent] {
        guard !unanswered.isEmpty else { return [] }
        let before = self
        var answered: [AnsweredEvent] = []
        do throws(StoreError) {
            for sequence in before.unanswered {
                guard answered.count < limit else { break }
                guard let row = inbox[Int(sequence) - 1], row.problem == nil, !isBlocked(row.event.event.release) else {
                    continue
                }
                let event = row.event
                let change = try answer(event, record(of: event.event.release))
                try commit(change)
                if let answer = change.answer {
                    inbox[Int(sequence) - 1]?.answer = answer
                    unanswered.removeAll { $0 == sequence }
                    timelines[event.event.release] = answer.history.own
                    sharedTimelines[event.event.release.key] = answer.history.shared
                }
                answered.append(AnsweredEvent(event: event, change: change))
            }
        } catch {
            self = before
            throw error
        }
        return answered
    }

    func waitingEvents() -> Backlog {
        let waiting = unanswered.compactMap { inbox[Int($0) - 1] }.filter { $0.problem == nil }
        return Backlog(
            count: waiting.count,
            oldest: waiting.map(\.event.receivedAt).min()
        )
    }

    private func record(of release: ReleaseIdentity) -> ReleaseRecord {
        let rows = unfinished.compactMap { sessions[$0] }.filter { $0.session.event.release.key == release.key }
        return ReleaseRecord(
            history: ReleaseHistory(
                own: timelines[release] ?? ReleaseTimeline(),
                shared: sharedTimelines[release.key] ?? SharedTimeline()
            ),
            unfinished: rows.sorted { $0.session.openedAt > $1.session.openedAt }
                .map { StoredSession(session: $0.session, version: $0.version) }
        )
    }
}
