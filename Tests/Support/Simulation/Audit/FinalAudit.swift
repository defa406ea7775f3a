import Analysis
import Store

/// What must be true once everything has come to rest.
struct FinalAudit {
    let world: World
    let tables: MemoryTables

    init(_ world: World) {
        self.world = world
        tables = world.store.read { $0 }
    }

    /// The first thing that is wrong, in one sentence; nil when nothing is.
    func problem() -> String? {
        inboxProblem() ?? sessionProblem() ?? transitionProblem() ?? orderProblem() ?? topicProblem()
            ?? verdictProblem() ?? rolloutProblem() ?? deadLetterProblem() ?? webhookProblem()
    }

    // MARK: - Nothing is lost

    private func inboxProblem() -> String? {
        var counts: [EventIdentity: Int] = [:]
        for row in tables.inbox.compactMap(\.self) { counts[row.event.event.identity, default: 0] += 1 }
        for event in world.scenario.arrivals.compactMap(\.event) {
            let count = counts[event.identity] ?? 0
            guard count == 1 else { return "event \(event.identity.id) is in the inbox \(count) times" }
        }
        for row in tables.inbox.compactMap(\.self) {
            let event = row.event.event
            guard let answer = row.answer else { return "event \(event.identity.id) has no answer" }
            let isOpen = tables.sessions[SessionID.make(for: event.identity)] != nil
            let isUpdate = answer.outcome.hasPrefix("updated")
            guard event.phase == .cancelled || isOpen != isUpdate else {
                return "event \(event.identity.id) was answered \"\(answer.outcome)\" and its session is not there"
            }
        }
        return nil
    }

    private func sessionProblem() -> String? {
        for (id, row) in tables.sessions.sorted(by: { $0.key < $1.key }) {
            let finals = (tables.verdicts[id] ?? []).filter { $0.kind == .final }
            guard row.session.phase == .finished, finals.count == 1, finals[0] == row.session.finalVerdict else {
                return "session \(id) is \(row.session.phase.rawValue) with \(finals.count) final verdicts"
            }
            guard tables.states[id] == nil else { return "session \(id) has ended, and its states are still there" }
        }
        return nil
    }

    /// Every change of a session's state has a row, and each begins where the previous change ended.
    private func transitionProblem() -> String? {
        for id in tables.sessions.keys.sorted() {
            let transitions = tables.transitions[id] ?? []
            let steps = transitions.map { (from: $0.from, to: $0.to) }
            let isWhole = zip(steps, steps.dropFirst()).allSatisfy { $0.to == $1.from }
            guard steps.first?.from == nil, steps.last?.to == .finished, isWhole,
                transitions.count(where: { $0.cause == .finished }) == 1
            else { return "session \(id) has transitions \(transitions.map { "\($0.cause.rawValue)" })" }
        }
        return nil
    }

    private func topicProblem() -> String? {
        let seen = world.topicAuditor.seen
        let decided = Set(tables.verdicts.values.joined().map(\.id))
        if let missing = decided.subtracting(seen).min() { return "verdict \(missing) is not on the topic" }
        if let extra = seen.subtracting(decided).min() { return "verdict \(extra) is on the topic and not decided" }
        return nil
    }

    private func deadLetterProblem() -> String? {
        let letters = world.bus.topic(Topics.deadLetters).allCommitted.count
        let expected = world.scenario.arrivals.count { $0.event == nil }
        return letters >= expected ? nil : "\(letters) of \(expected) unreadable records are dead letters"
    }

    /// Time decides, not arrival: the release that was deployed last is not the one that was superseded.
    private func orderProblem() -> String? {
        var events: [ReleaseIdentity: [(event: DeployEvent, at: Timestamp)]] = [:]
        for row in tables.inbox.compactMap(\.self) {
            let event = row.event.event
            let received = row.event.receivedAt
            events[event.release, default: []].append((event, min(event.time ?? received, received)))
        }
        for (release, known) in events {
            let deployed = known.filter { $0.event.phase == .deployed }
            let latest = deployed.map(\.at).max()
            let last = deployed.filter { $0.at == latest }
            guard last.count == 1, let newest = last.first else { continue }
            let isWithdrawn = known.contains { entry in
                entry.event.phase == .cancelled && entry.event.version == newest.event.version
            }
            let sessions = tables.sessions.values.map(\.session).filter { $0.event.release == release }
            let isAnalysed = sessions.contains { session in
                session.event.version == newest.event.version && session.finalVerdict?.status != .cancelled
            }
            if !isWithdrawn, !isAnalysed {
                return "\(newest.event.identity.id) was deployed last, at \(newest.at), and not analysed:"
                    + " \(releases(besides: "\(sessions.first?.id ?? "")/final"))"
            }
        }
        return nil
    }

    /// The webhook gets each final verdict at least once, those of an application in their order.
    private func webhookProblem() -> String? {
        guard world.scenario.hasWebhook else { return nil }
        var first: [String: Int] = [:]
        for (place, id) in world.posted.value.enumerated() where first[id] == nil { first[id] = place }
        var newest: [String: Int] = [:]
        for row in tables.outboxHistory where row.sink == .webhook {
            guard let place = first[row.id] else { return "verdict \(row.id) was not posted" }
            guard place > newest[row.key] ?? -1 else { return "verdict \(row.id) was posted before an earlier one" }
            newest[row.key] = place
        }
        return nil
    }
}
