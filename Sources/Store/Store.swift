package import Analysis

/// Where everything lives that must outlast the process: inbox, sessions, samples, verdicts, outbox.
///
/// Each call is one transaction: it is durable when it returns, and nothing of it happened when it throws.
package protocol Store: Sendable {
    // MARK: Inbox

    /// Takes deploy events in; the same source and id again is a duplicate. One outcome per event, in order.
    func receive(_ events: [ReceivedEvent]) async throws(StoreError) -> [InboxOutcome]

    /// Events that no session change has answered yet, oldest first.
    func unansweredEvents(limit: Int) async throws(StoreError) -> [InboxEvent]

    // MARK: Sessions

    /// Leases up to `limit` unfinished sessions whose wake time has come and which nobody else holds.
    func claimDueSessions(_ claim: LeaseClaim, limit: Int) async throws(StoreError) -> [StoredSession]

    /// Gives leases back unchanged, so that another process need not wait for them to run out.
    func releaseLeases(owner: String) async throws(StoreError)

    /// The earliest wake time of an unfinished session.
    func nextWake() async throws(StoreError) -> Timestamp?

    /// Applies everything of the change or nothing.
    ///
    /// Throws `.conflict` when a session has been written or claimed since it was read: the writer no longer holds it.
    /// Returns the new versions of the sessions that were written, by session id.
    @discardableResult
    func commit(_ change: StoreChange) async throws(StoreError) -> [String: Int64]

    func session(id: String) async throws(StoreError) -> StoredSession?

    /// The unfinished sessions of a release, newest first. There is at most one unless a store was edited by hand.
    func unfinishedSessions(of release: ReleaseKey) async throws(StoreError) -> [StoredSession]

    /// Sessions by the time they were opened, newest first.
    func sessions(_ query: SessionQuery) async throws(StoreError) -> [AnalysisSession]

    func sessionCounts() async throws(StoreError) -> [AnalysisSession.Phase: Int]

    /// All samples of a session, oldest first; a later block replaces the instants it shares with an earlier one.
    func samples(ofSession id: String) async throws(StoreError) -> [SampleBlock]

    /// Every verdict of a session, interim and final, oldest first.
    func verdicts(ofSession id: String) async throws(StoreError) -> [Verdict]

    // MARK: Outbox

    /// Messages to deliver now, in order. A message never overtakes an unsettled one of the same sink and key.
    func dueMessages(to sink: OutboxSink, at now: Timestamp, limit: Int) async throws(StoreError) -> [OutboxMessage]

    func settle(_ settlements: [OutboxSettlement]) async throws(StoreError)

    /// What the sink called the delivered message `id`, for example an annotation's number.
    func reference(to sink: OutboxSink, id: String) async throws(StoreError) -> String?

    func outboxDepths() async throws(StoreError) -> [OutboxDepth]

    /// Whether a write would succeed now; throws why not.
    func check() async throws(StoreError)

    func close() async
}
