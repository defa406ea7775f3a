import Analysis
import Store

extension MemoryTables {
    /// Checks everything first, so that nothing is changed when it throws.
    @discardableResult
    mutating func commit(_ change: StoreChange) throws(StoreError) -> [String: Int64] {
        if defects.contains(.unfencedStates) { write(change.states) }
        if let expectation = change.expectation { try expectation.check(history(of: expectation.release)) }
        for stored in change.written { try checkVersion(of: stored) }
        for session in change.opened where sessions[session.id] == nil {
            sessions[session.id] = SessionRow(session: session, version: 1)
            if session.phase != .finished { unfinished.append(session.id) }
        }
        var versions: [String: Int64] = [:]
        for stored in change.written {
            let id = stored.session.id
            let version = max(stored.version, sessions[id]?.version ?? 0) + 1
            sessions[id] = SessionRow(session: stored.session, version: version)
            if stored.session.phase == .finished { unfinished.removeAll { $0 == id } }
            versions[id] = version
        }
        if !defects.contains(.unwrittenStates) { write(change.states) }
        for stored in change.written where stored.session.phase == .finished { states[stored.session.id] = nil }
        keep(change.noise)
        keep(releases: change.releases)
        for block in change.samples { samples[block.session, default: []].append(block) }
        for verdict in change.verdicts where verdicts[verdict.session]?.contains(where: { $0.id == verdict.id }) != true
        {
            verdicts[verdict.session, default: []].append(verdict)
        }
        for transition in change.transitions {
            transitionNumber += 1
            transitions[transition.session, default: []].append(transition)
            transitionNumbers[transition.session, default: []].append(transitionNumber)
        }
        for message in change.messages { add(message) }
        return versions
    }

    private mutating func keep(_ learned: [StoredNoise]) {
        for one in learned where noise[one.key].map({ $0.learnedAt <= one.learnedAt }) ?? true { noise[one.key] = one }
        for release in Set(learned.map { [$0.key.application, $0.key.environment] }) {
            let own = noise.values.filter { [$0.key.application, $0.key.environment] == release }
                .sorted { ($1.learnedAt, $0.key.metric, $0.key.digest) < ($0.learnedAt, $1.key.metric, $1.key.digest) }
            for one in own.dropFirst(StoredNoise.mostOfRelease) { noise[one.key] = nil }
        }
    }

    private mutating func write(_ changed: [StoredMetricState]) {
        for state in changed { states[state.session, default: [:]][state.metric] = state }
    }

    func states(ofSession id: String) -> [StoredMetricState] {
        (states[id] ?? [:]).values.sorted { $0.metric < $1.metric }
    }

    private func checkVersion(of stored: StoredSession) throws(StoreError) {
        let version = sessions[stored.session.id]?.version
        guard version != stored.version, !(version != nil && defects.contains(.droppedFence)) else { return }
        throw StoreError(.conflict, "session \(stored.session.id) has been taken over")
    }

    mutating func add(_ message: OutboxMessage) {
        let key = MessageKey(sink: message.sink, id: message.id)
        guard outboxSequences[key] == nil else { return }
        var message = message
        message.sequence = Int64(outbox.count + 1)
        message.attempts = 0
        outbox.append(OutboxRow(message: message, dueAt: message.createdAt))
        outboxSequences[key] = message.sequence
        message.payload = []
        outboxHistory.append(message)
        unsettled.append(message.sequence)
    }

    mutating func claimDueSessions(_ claim: LeaseClaim, limit: Int) -> [StoredSession] {
        let due = dueSessions(at: claim.now)
        var turns: [String] = []
        if due.count > limit {
            var fair = FairTurns(limit: limit, place: turnPlace)
            share(&fair, due)
            turnPlace = fair.place
            turns = fair.sessions
        }
        let others = due.map(\.id).filter { !turns.contains($0) }
        return (turns + others).prefix(max(0, limit)).compactMap { id in
            guard var row = sessions[id] else { return nil }
            row.version += 1
            row.leaseOwner = claim.owner
            row.leaseUntil = claim.until
            sessions[id] = row
            return StoredSession(session: row.session, version: row.version)
        }
    }

    mutating func renewLeases(_ held: [String: Int64], until: Timestamp) -> Set<String> {
        var renewed: Set<String> = []
        for (id, version) in held {
            guard var row = sessions[id], row.version == version, row.leaseOwner != nil else { continue }
            row.leaseUntil = until
            sessions[id] = row
            renewed.insert(id)
        }
        return renewed
    }

    mutating func releaseLeases(owner: String) {
        for id in unfinished where sessions[id]?.leaseOwner == owner {
            sessions[id]?.leaseOwner = nil
            sessions[id]?.leaseUntil = nil
        }
    }

    func nextWake() -> Timestamp? {
        unfinished.compactMap { id in
            guard let row = sessions[id], row.problem == nil, let wakeAt = row.session.wakeAt else { return nil }
            return max(wakeAt, row.leaseUntil ?? wakeAt)
        }.min()
    }

    func session(id: String) throws(StoreError) -> StoredSession? {
        guard let row = sessions[id] else { return nil }
        if let problem = row.problem, problem.reason != .unknownJudge { throw StoreError(.corrupt, problem.detail) }
        return StoredSession(session: row.session, version: row.version)
    }

    func listedSession(id: String) -> ListedSession? { sessions[id].map(ListedSession.init) }

    func sessions(_ query: SessionQuery) -> [ListedSession] {
        let found = sessions.values.map(\.session).filter { query.matches($0) }
        let ordered = found.sorted { (left: AnalysisSession, right: AnalysisSession) -> Bool in
            if left.openedAt == right.openedAt { return left.id < right.id }
            return left.openedAt > right.openedAt
        }
        let rest = ordered.filter { query.isPast($0) }
        return rest.prefix(query.limit).compactMap { listedSession(id: $0.id) }
    }

    func unfinishedSessionCounts() -> [AnalysisSession.Phase: Int] {
        var counts: [AnalysisSession.Phase: Int] = [:]
        for row in sessions.values where row.session.phase != .finished { counts[row.session.phase, default: 0] += 1 }
        return counts
    }

    func finishedSessionCount() -> Int {
        sessions.values.count { $0.session.phase == .finished }
    }
}

extension ListedSession {
    fileprivate init(_ row: MemoryTables.SessionRow) {
        guard let problem = row.problem, problem.reason != .unknownJudge else {
            self = .session(row.session)
            return
        }
        self = .unreadable(
            UnreadableSession(
                id: row.session.id,
                application: row.session.event.application,
                environment: row.session.event.environment,
                version: row.session.event.version,
                phase: row.session.phase.rawValue,
                openedAt: row.session.openedAt,
                reason: problem.detail,
                setAsideAt: row.setAsideAt
            )
        )
    }
}

extension SessionQuery {
    fileprivate func matches(_ session: AnalysisSession) -> Bool {
        if let application, application != session.event.application { return false }
        if let environment, environment != session.event.environment { return false }
        if let cluster, cluster != session.event.cluster { return false }
        if let namespace, namespace != session.event.namespace { return false }
        if let version, version != session.event.version { return false }
        if let phase, phase != session.phase { return false }
        if let result, result != session.finalVerdict?.result { return false }
        if let since, session.openedAt < since { return false }
        return true
    }

    fileprivate func isPast(_ session: AnalysisSession) -> Bool {
        guard let after else { return true }
        if session.openedAt == after.openedAt { return session.id > after.id }
        return session.openedAt < after.openedAt
    }
}

extension MemoryTables {
    /// About what a store on a disk would have: what grows most.
    var bytes: Int64 {
        4096 + samples.values.reduce(0) { $0 + $1.reduce(0) { $0 + Int64($1.values.count) * 8 } }
    }

    func verdicts(ofSession id: String, newest limit: Int, before verdict: String?) -> VerdictHistory {
        var all = (verdicts[id] ?? [])[...]
        if let verdict { all = all.prefix(upTo: all.firstIndex { $0.id == verdict } ?? all.startIndex) }
        let found = all.suffix(max(0, limit))
        return VerdictHistory(verdicts: Array(found), oldest: found.count == limit ? found.first?.id : nil)
    }
}
