package import Analysis
package import Store
import Synchronization

/// A store in memory that does what a store must do, for as long as it lives.
package final class MemoryStore: Store {
    private let tables: Mutex<MemoryTables>
    private let clock: @Sendable () -> Timestamp

    package init(defects: Set<PlantedDefect> = [], time: @escaping @Sendable () -> Timestamp) {
        var tables = MemoryTables()
        tables.defects = defects
        self.tables = Mutex(tables)
        clock = time
    }

    /// One transaction: all of it or nothing, and no other meanwhile.
    func transaction<Value: Sendable>(
        _ body: (inout MemoryTables) throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        try tables.withLock { (tables) throws(StoreError) in try body(&tables) }
    }

    /// Whatever is asked of the tables as they are.
    func read<Value: Sendable>(_ body: (MemoryTables) -> Value) -> Value { tables.withLock { body($0) } }

    func read(changing body: (inout MemoryTables) -> Void) { tables.withLock { body(&$0) } }

    var currentTime: Timestamp { clock() }

    package func time() async throws(StoreError) -> Timestamp { currentTime }

    package func receive(_ events: [ReceivedEvent]) async throws(StoreError) -> [InboxOutcome] {
        tables.withLock { $0.receive(events) }
    }

    package func answerEvents(
        limit: Int,
        maximumPerSource: Int?,
        _ answer: @escaping @Sendable (InboxEvent, ReleaseRecord) throws(StoreError) -> StoreChange
    ) async throws(StoreError) -> [AnsweredEvent] {
        try transaction { tables throws(StoreError) in
            try tables.answerEvents(limit: limit, maximumPerSource: maximumPerSource, answer)
        }
    }

    package func heldEvents(limit: Int) async throws(StoreError) -> [String: Int] {
        read { $0.heldEvents(limit: limit) }
    }

    package func unansweredEvents(limit: Int) async throws(StoreError) -> [InboxEvent] {
        read { $0.unansweredEvents(limit: limit) }
    }

    package func knownEvent(_ identity: EventIdentity) async throws(StoreError) -> KnownEvent? {
        read { $0.knownEvent(identity) }
    }

    package func originalEvent(_ identity: EventIdentity) async throws(StoreError) -> OriginalEvent? {
        read { $0.originalEvent(identity) }
    }

    package func waitingEvents() async throws(StoreError) -> Backlog { read { $0.waitingEvents() } }

    package func claimDueSessions(_ claim: LeaseClaim, limit: Int) async throws(StoreError) -> [StoredSession] {
        tables.withLock { $0.claimDueSessions(claim, limit: limit) }
    }

    package func renewLeases(_ held: [String: Int64], until: Timestamp) async throws(StoreError) -> Set<String> {
        tables.withLock { $0.renewLeases(held, until: until) }
    }

    package func releaseLeases(owner: String) async throws(StoreError) {
        tables.withLock { $0.releaseLeases(owner: owner) }
    }

    package func nextWake() async throws(StoreError) -> Timestamp? { read { $0.nextWake() } }

    @discardableResult
    package func commit(_ change: StoreChange) async throws(StoreError) -> [String: Int64] {
        try transaction { tables throws(StoreError) in try tables.commit(change) }
    }

    package func setAside(_ id: String, version: Int64, because reason: String) async throws(StoreError) {
        let now = currentTime
        try transaction { (tables) throws(StoreError) in
            try tables.setAside(id, version: version, because: reason, at: now)
        }
    }

    package func setAside() async throws(StoreError) -> SetAside { read { $0.setAside() } }

    package func session(id: String) async throws(StoreError) -> StoredSession? {
        try transaction { (tables) throws(StoreError) in try tables.session(id: id) }
    }

    package func listedSession(id: String) async throws(StoreError) -> ListedSession? {
        read { $0.listedSession(id: id) }
    }

    package func sessions(_ query: SessionQuery) async throws(StoreError) -> [ListedSession] {
        read { $0.sessions(query) }
    }

    package func unfinishedSessionCounts() async throws(StoreError) -> [AnalysisSession.Phase: Int] {
        read { $0.unfinishedSessionCounts() }
    }

    package func finishedSessionCount() async throws(StoreError) -> Int {
        read { $0.finishedSessionCount() }
    }

    package func states(ofSession id: String) async throws(StoreError) -> [StoredMetricState] {
        read { $0.states(ofSession: id) }
    }

    package func noise(of keys: [NoiseKey]) async throws(StoreError) -> [StoredNoise] {
        read { tables in keys.compactMap { tables.noise[$0] } }
    }

    package func samples(ofSession id: String) async throws(StoreError) -> [SampleBlock] {
        read { $0.samples[id] ?? [] }
    }

    package func verdicts(
        ofSession id: String,
        newest limit: Int,
        before verdict: String?
    ) async throws(StoreError) -> VerdictHistory {
        read { $0.verdicts(ofSession: id, newest: limit, before: verdict) }
    }

    package func changes(
        after place: ChangePlace,
        ofSession id: String?,
        limit: Int
    ) async throws(StoreError) -> [SessionChange] {
        read { $0.changes(after: place, ofSession: id, limit: limit) }
    }

    package func endOfChanges() async throws(StoreError) -> ChangePlace { read { $0.endOfChanges } }

    package func transitions(ofSession id: String) async throws(StoreError) -> TransitionHistory {
        read { TransitionHistory(transitions: $0.transitions[id] ?? []) }
    }

    package func deleteExpired(
        _ cutoffs: RetentionCutoffs,
        limit: Int
    ) async throws(StoreError) -> [RetainedKind: Int] {
        tables.withLock { $0.deleteExpired(cutoffs, limit: limit) }
    }

    package func claimShards(_ claim: ShardClaim) async throws(StoreError) -> [ShardLease] {
        tables.withLock { $0.claimShards(claim) }
    }

    package func releaseShards(of sink: OutboxSink, owner: String) async throws(StoreError) {
        tables.withLock { $0.releaseShards(of: sink, owner: owner) }
    }

    package func dueMessages(
        of lease: ShardLease,
        at now: Timestamp,
        limit: Int
    ) async throws(StoreError) -> [OutboxMessage] {
        try transaction { tables throws(StoreError) in try tables.dueMessages(of: lease, at: now, limit: limit) }
    }

    package func settle(_ settlements: [OutboxSettlement], under lease: ShardLease) async throws(StoreError) {
        try transaction { tables throws(StoreError) in try tables.settle(settlements, under: lease) }
    }

    package func reference(to sink: OutboxSink, id: String) async throws(StoreError) -> String? {
        read { $0.reference(to: sink, id: id) }
    }

    package func lastReference(to sink: OutboxSink, key: String) async throws(StoreError) -> String? {
        read { $0.lastReference(to: sink, key: key) }
    }

    package func outboxDepths() async throws(StoreError) -> [OutboxDepth] { read { $0.outboxDepths() } }

    package func checkIn(_ replica: Replica, at now: Timestamp) async throws(StoreError) -> [Replica] {
        tables.withLock { $0.checkIn(replica, at: now) }
    }

    package func checkOut(_ name: String) async throws(StoreError) {
        tables.withLock { $0.replicas[name] = nil }
    }

    package func check() async throws(StoreError) {}

    package func size() async throws(StoreError) -> Int64 { read { $0.bytes } }

    package func close() async {}
}
