package import Analysis
package import Store

/// The store as one process reaches it.
package struct LinkedStore: Store {
    /// Puts verdicts of a change onto their topic and returns the rest: a defect.
    typealias EarlyPublishing = @Sendable (StoreChange, Link) async -> StoreChange

    private let store: MemoryStore
    private let link: Link
    private let auditor: StoreAuditor
    private let states: StateAuditor
    private let publishesEarly: EarlyPublishing?

    init(
        _ store: MemoryStore,
        over link: Link,
        auditor: StoreAuditor,
        states: StateAuditor,
        publishesEarly: EarlyPublishing? = nil
    ) {
        self.publishesEarly = publishesEarly
        self.store = store
        self.link = link
        self.auditor = auditor
        self.states = states
    }

    func write<Value: Sendable>(
        _ name: String,
        _ effect: @escaping @Sendable (inout MemoryTables) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        try await call(name) { [link] tables throws(StoreError) in
            guard !link.isStoreFull else { throw StoreError(.full, "no room is left") }
            return try effect(&tables)
        }
    }

    func call<Value: Sendable>(
        _ name: String,
        _ effect: @escaping @Sendable (inout MemoryTables) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        let result: Result<Value, StoreError>
        do throws(LinkFailure) {
            result = try await link.call(name, to: .store) { [store] in
                do throws(StoreError) {
                    return Result<Value, StoreError>.success(try store.transaction(effect))
                } catch {
                    return .failure(error)
                }
            }
        } catch {
            switch error {
            case .dead: throw StoreError(.unavailable, "the process has died")
            case .unreachable: throw StoreError(.unavailable, "the store does not answer")
            case .answerLost: throw StoreError(.unknown, "the connection broke")
            }
        }
        return try result.get()
    }

    package func time() async throws(StoreError) -> Timestamp {
        let store = store
        return try await call("time") { _ throws(StoreError) in store.currentTime }
    }

    package func receive(_ events: [ReceivedEvent]) async throws(StoreError) -> [InboxOutcome] {
        try await write("receive") { tables throws(StoreError) in tables.receive(events) }
    }

    package func answerEvents(
        limit: Int,
        maximumPerSource: Int?,
        _ answer: @escaping @Sendable (InboxEvent, ReleaseRecord) throws(StoreError) -> StoreChange
    ) async throws(StoreError) -> [AnsweredEvent] {
        try await write("answerEvents") { [auditor, states] tables throws(StoreError) in
            let answered = try tables.answerEvents(limit: limit, maximumPerSource: maximumPerSource, answer)
            for event in answered {
                auditor.committed(event.change)
                states.committed(event.change)
            }
            return answered
        }
    }

    package func heldEvents(limit: Int) async throws(StoreError) -> [String: Int] {
        try await call("heldEvents") { tables throws(StoreError) in tables.heldEvents(limit: limit) }
    }

    package func unansweredEvents(limit: Int) async throws(StoreError) -> [InboxEvent] {
        try await call("unansweredEvents") { tables throws(StoreError) in tables.unansweredEvents(limit: limit) }
    }

    package func knownEvent(_ identity: EventIdentity) async throws(StoreError) -> KnownEvent? {
        try await call("knownEvent") { tables throws(StoreError) in tables.knownEvent(identity) }
    }

    package func originalEvent(_ identity: EventIdentity) async throws(StoreError) -> OriginalEvent? {
        try await call("originalEvent") { tables throws(StoreError) in tables.originalEvent(identity) }
    }

    package func waitingEvents() async throws(StoreError) -> Backlog {
        try await call("waitingEvents") { tables throws(StoreError) in tables.waitingEvents() }
    }

    package func claimDueSessions(_ claim: LeaseClaim, limit: Int) async throws(StoreError) -> [StoredSession] {
        try await write("claimDueSessions") { [auditor, states] tables throws(StoreError) in
            let claimed = tables.claimDueSessions(claim, limit: limit)
            auditor.claimed(claimed, by: claim)
            states.claimed(claimed, tables)
            return claimed
        }
    }

    package func renewLeases(_ held: [String: Int64], until: Timestamp) async throws(StoreError) -> Set<String> {
        try await write("renewLeases") { tables throws(StoreError) in tables.renewLeases(held, until: until) }
    }

    package func releaseLeases(owner: String) async throws(StoreError) {
        try await write("releaseLeases") { tables throws(StoreError) in tables.releaseLeases(owner: owner) }
    }

    package func nextWake() async throws(StoreError) -> Timestamp? {
        try await call("nextWake") { tables throws(StoreError) in tables.nextWake() }
    }

    @discardableResult
    package func commit(_ change: StoreChange) async throws(StoreError) -> [String: Int64] {
        let change = await publishesEarly?(change, link) ?? change
        return try await write("commit") { [auditor, states] tables throws(StoreError) in
            let versions = try tables.commit(change)
            auditor.committed(change)
            states.committed(change)
            return versions
        }
    }

    package func session(id: String) async throws(StoreError) -> StoredSession? {
        try await call("session") { tables throws(StoreError) in try tables.session(id: id) }
    }

    package func setAside(_ id: String, version: Int64, because reason: String) async throws(StoreError) {
        try await write("setAside") { [store] tables throws(StoreError) in
            try tables.setAside(id, version: version, because: reason, at: store.currentTime)
        }
    }

    package func setAside() async throws(StoreError) -> SetAside {
        try await call("setAside") { tables throws(StoreError) in tables.setAside() }
    }

    package func listedSession(id: String) async throws(StoreError) -> ListedSession? {
        try await call("listedSession") { tables throws(StoreError) in tables.listedSession(id: id) }
    }

    package func sessions(_ query: SessionQuery) async throws(StoreError) -> [ListedSession] {
        try await call("sessions") { [states] tables throws(StoreError) in
            let listed = tables.sessions(query)
            if let application = query.application { states.listed(listed.compactMap(\.session), of: application) }
            return listed
        }
    }

    package func unfinishedSessionCounts() async throws(StoreError) -> [AnalysisSession.Phase: Int] {
        try await call("unfinishedSessionCounts") { tables throws(StoreError) in tables.unfinishedSessionCounts() }
    }

    package func finishedSessionCount() async throws(StoreError) -> Int {
        try await call("finishedSessionCount") { tables throws(StoreError) in tables.finishedSessionCount() }
    }

    package func states(ofSession id: String) async throws(StoreError) -> [StoredMetricState] {
        try await call("states") { tables throws(StoreError) in tables.states(ofSession: id) }
    }

    package func noise(of keys: [NoiseKey]) async throws(StoreError) -> [StoredNoise] {
        try await call("noise") { tables throws(StoreError) in keys.compactMap { tables.noise[$0] } }
    }

    package func samples(ofSession id: String) async throws(StoreError) -> [SampleBlock] {
        try await call("samples") { tables throws(StoreError) in tables.samples[id] ?? [] }
    }

    package func verdicts(
        ofSession id: String,
        newest limit: Int,
        before verdict: String?
    ) async throws(StoreError) -> VerdictHistory {
        try await call("verdicts") { tables throws(StoreError) in
            tables.verdicts(ofSession: id, newest: limit, before: verdict)
        }
    }

    package func changes(
        after place: ChangePlace,
        ofSession id: String?,
        limit: Int
    ) async throws(StoreError) -> [SessionChange] {
        try await call("changes") { tables throws(StoreError) in
            tables.changes(after: place, ofSession: id, limit: limit)
        }
    }

    package func endOfChanges() async throws(StoreError) -> ChangePlace {
        try await call("changes") { tables throws(StoreError) in tables.endOfChanges }
    }

    package func transitions(ofSession id: String) async throws(StoreError) -> TransitionHistory {
        try await call("transitions") { tables throws(StoreError) in
            TransitionHistory(transitions: tables.transitions[id] ?? [])
        }
    }

    package func deleteExpired(
        _ cutoffs: RetentionCutoffs,
        limit: Int
    ) async throws(StoreError) -> [RetainedKind: Int] {
        try await call("deleteExpired") { tables throws(StoreError) in tables.deleteExpired(cutoffs, limit: limit) }
    }

    package func claimShards(_ claim: ShardClaim) async throws(StoreError) -> [ShardLease] {
        try await write("claimShards") { [auditor] tables throws(StoreError) in
            let leases = tables.claimShards(claim)
            auditor.claimed(leases, by: claim)
            return leases
        }
    }

    package func releaseShards(of sink: OutboxSink, owner: String) async throws(StoreError) {
        try await write("releaseShards") { tables throws(StoreError) in tables.releaseShards(of: sink, owner: owner) }
    }

    package func dueMessages(
        of lease: ShardLease,
        at now: Timestamp,
        limit: Int
    ) async throws(StoreError) -> [OutboxMessage] {
        try await call("dueMessages") { tables throws(StoreError) in
            try tables.dueMessages(of: lease, at: now, limit: limit)
        }
    }

    package func settle(_ settlements: [OutboxSettlement], under lease: ShardLease) async throws(StoreError) {
        try await write("settle") { [auditor] tables throws(StoreError) in
            try tables.settle(settlements, under: lease)
            auditor.settled(under: lease)
        }
    }

    package func reference(to sink: OutboxSink, id: String) async throws(StoreError) -> String? {
        try await call("reference") { tables throws(StoreError) in tables.reference(to: sink, id: id) }
    }

    package func lastReference(to sink: OutboxSink, key: String) async throws(StoreError) -> String? {
        try await call("lastReference") { tables throws(StoreError) in tables.lastReference(to: sink, key: key) }
    }

    package func outboxDepths() async throws(StoreError) -> [OutboxDepth] {
        try await call("outboxDepths") { tables throws(StoreError) in tables.outboxDepths() }
    }

    package func checkIn(_ replica: Replica, at now: Timestamp) async throws(StoreError) -> [Replica] {
        try await write("checkIn") { tables throws(StoreError) in tables.checkIn(replica, at: now) }
    }

    package func checkOut(_ name: String) async throws(StoreError) {
        try await write("checkOut") { tables throws(StoreError) in tables.replicas[name] = nil }
    }

    package func check() async throws(StoreError) {
        try await write("check") { _ throws(StoreError) in }
    }

    package func size() async throws(StoreError) -> Int64 {
        try await call("size") { tables throws(StoreError) in tables.bytes }
    }

    package func close() async {}
}
