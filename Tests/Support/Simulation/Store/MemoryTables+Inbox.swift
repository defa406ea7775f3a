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
        maximumPerSource: Int?,
        _ answer: (InboxEvent, ReleaseRecord) throws(StoreError) -> StoreChange
    ) throws(StoreError) -> [AnsweredEvent] {
        guard !unanswered.isEmpty else { return [] }
        let before = self
        var answered: [AnsweredEvent] = []
        do throws(StoreError) {
            var places = SourcePlaces(maximum: maximumPerSource)
            for sequence in nextEvents(limit, &places) {
                // An answer before it may have blocked its release.
                guard let row = inbox[Int(sequence) - 1], !isBlocked(row.event.event.release) else { continue }
                let event = row.event
                let change = try answer(event, record(of: event.event.release))
                let source = event.event.identity.source
                count(source, &places)
                guard places.admit(change, of: source) else {
                    inbox[Int(sequence) - 1]?.isHeld = true
                    continue
                }
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

    /// Up to `limit` events that are ready, and held ones of sources that have room by now.
    private mutating func nextEvents(_ limit: Int, _ places: inout SourcePlaces) -> [Int64] {
        let rows = unanswered.compactMap { inbox[Int($0) - 1] }.filter {
            $0.problem == nil && !isBlocked($0.event.event.release)
        }
        let ready = rows.filter { !$0.isHeld }.map(\.event)
        var chosen = Array(ready.prefix(limit).map(\.sequence))
        if ready.count > limit {
            var turns = FairTurns(limit: limit, place: inboxPlace)
            share(
                &turns,
                ready.map {
                    TurnCandidate(id: "\($0.sequence)", source: $0.event.identity.source, application: "\($0.sequence)")
                },
                of: ready.map(\.event.identity.source)
            )
            inboxPlace = turns.place
            let first = turns.sessions.compactMap { Int64($0) }
            chosen = Array((first + ready.map(\.sequence).filter { !first.contains($0) }).prefix(limit))
        }
        return (chosen + nextHeldEvents(limit, rows.filter(\.isHeld).map(\.event), &places)).sorted()
    }

    /// Of sources that have room by now: those behind the one that was looked at last, and then from the beginning up to it.
    private mutating func nextHeldEvents(
        _ limit: Int,
        _ held: [InboxEvent],
        _ places: inout SourcePlaces
    ) -> [Int64] {
        let events = Dictionary(grouping: held, by: \.event.identity.source)
        let names = Array(events.keys)
        var chosen: [Int64] = []
        for group in groups(names, names, behind: inboxPlace.fullSource, atMost: limit) where chosen.count < limit {
            inboxPlace.fullSource = group.name
            count(group.name, &places)
            let room = min(places.left(of: group.name), limit - chosen.count)
            chosen += (events[group.name] ?? []).prefix(room).map(\.sequence)
        }
        return chosen
    }

    private func count(_ source: String, _ places: inout SourcePlaces) {
        guard places.isUnknown(source) else { return }
        places.set(unfinished.count { sessions[$0]?.session.event.identity.source == source }, of: source)
    }

    func heldEvents(limit: Int) -> [String: Int] {
        let held = unanswered.compactMap { inbox[Int($0) - 1] }.filter(\.isHeld).map(\.event.event.identity.source)
        let counts = Dictionary(grouping: held) { $0 }.mapValues(\.count)
        return Dictionary(
            uniqueKeysWithValues: counts.sorted { $0.value > $1.value }.prefix(limit).map { ($0.key, $0.value) }
        )
    }

    func waitingEvents() -> Backlog {
        let waiting = unanswered.compactMap { inbox[Int($0) - 1] }.filter { $0.problem == nil }
        return Backlog(
            count: waiting.count,
            oldest: waiting.filter { !$0.isHeld }.map(\.event.receivedAt).min()
        )
    }

    func history(of release: ReleaseIdentity) -> ReleaseHistory {
        ReleaseHistory(
            own: timelines[release] ?? ReleaseTimeline(),
            shared: sharedTimelines[release.key] ?? SharedTimeline()
        )
    }

    private func record(of release: ReleaseIdentity) -> ReleaseRecord {
        let rows = unfinished.compactMap { sessions[$0] }.filter { $0.session.event.release.key == release.key }
        return ReleaseRecord(
            history: history(of: release),
            unfinished: rows.sorted { $0.session.openedAt > $1.session.openedAt }
                .map { StoredSession(session: $0.session, version: $0.version) }
        )
    }
}
