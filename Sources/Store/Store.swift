package import Analysis

/// Where everything lives that must outlast the process: inbox, sessions, samples, verdicts, outbox.
///
/// Each call is one transaction: it is durable when it returns, and nothing of it happened when it throws; only
/// `.unknown` leaves open which of the two. Times are handed in, so that a store has no clock but `time()`.
package protocol Store: AnalysisRecords, PastAnalyses {
    /// The store's own time, which all replicas share.
    func time() async throws(StoreError) -> Timestamp

    // MARK: Inbox

    /// Takes deploy events in. The same source and id again is a duplicate when the event says the same, and a conflict
    /// when it does not; so is an event whose inbox row has been deleted, as long as the session that it opened is kept.
    /// One outcome per event, in order.
    func receive(_ events: [ReceivedEvent]) async throws(StoreError) -> [InboxOutcome]

    /// Keeps changes that open no analysis. The same source and id again is a duplicate when it says the same, and a conflict
    /// when it does not. One outcome per change, in order.
    func keepChanges(_ changes: [KnownChange]) async throws(StoreError) -> [InboxOutcome]

    /// Changes by when they took effect, newest first; those that cannot be read are left out.
    func changes(_ query: ChangeQuery) async throws(StoreError) -> [ListedChange]

    /// Answers up to `limit` waiting events, oldest first, all in one transaction: each is answered in the light of the
    /// answers before it, and its change applied. What `answer` throws undoes all of them.
    ///
    /// An event waits while its release has an unfinished session that this version cannot work on: a second analysis
    /// must not open beside it. It is left to others where a newer version wrote it or what is known about its release, and
    /// set aside where either cannot be read.
    ///
    /// Where more events wait than that, event sources take turns. An event that would leave its source with more than
    /// `maximumPerSource` unfinished sessions is held, and answered when there is room, the oldest first. Those of other
    /// sources, and those that open no session, do not wait for it.
    ///
    /// Only one replica at a time receives events; a concurrent caller gets an empty list. `answer` may be called again
    /// for the same event when the transaction has to be repeated. Returns what was answered.
    func answerEvents(
        limit: Int,
        maximumPerSource: Int?,
        _ answer: @escaping @Sendable (InboxEvent, ReleaseRecord) throws(StoreError) -> StoreChange
    ) async throws(StoreError) -> [AnsweredEvent]

    /// What is known about the release: which version was announced last, and which were withdrawn.
    ///
    /// Throws `.corrupt` where it cannot be read, and `.schema` where a newer version wrote it.
    func history(of release: ReleaseIdentity) async throws(StoreError) -> ReleaseHistory

    /// Events that wait for an answer, oldest first.
    func unansweredEvents(limit: Int) async throws(StoreError) -> [InboxEvent]

    /// What an event was read from; nil where it is not known any more.
    func originalEvent(_ identity: EventIdentity) async throws(StoreError) -> OriginalEvent?

    /// An event that was taken in and is still kept; nil where it is not known, or cannot be read.
    func knownEvent(_ identity: EventIdentity) async throws(StoreError) -> KnownEvent?

    /// Events that wait for an answer, and since when the oldest of those does that are not held.
    func waitingEvents() async throws(StoreError) -> Backlog

    /// Events that are held because their source has as many unfinished sessions as it may: how many, by source, of the
    /// `limit` sources with most of them.
    func heldEvents(limit: Int) async throws(StoreError) -> [String: Int]

    // MARK: Sessions

    /// Leases up to `limit` unfinished sessions whose wake time has come and which no other replica holds. Where there are
    /// more of them, event sources take turns, and within a source applications (`FairTurns`). Those of a newer
    /// form, or of a judge that this version does not have, are left to other processes; one that cannot be read is set
    /// aside.
    func claimDueSessions(_ claim: LeaseClaim, limit: Int) async throws(StoreError) -> [StoredSession]

    /// Extends leases that are still held, named by session and the version that was claimed. Returns the sessions that
    /// are; all others have been lost.
    func renewLeases(_ held: [String: Int64], until: Timestamp) async throws(StoreError) -> Set<String>

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

    /// Sets a claimed session aside that turns out not to be workable: no replica claims it before a process starts
    /// again. Throws `.conflict` when it is no longer held.
    func setAside(_ id: String, version: Int64, because reason: String) async throws(StoreError)

    /// What this version does not work on.
    func setAside() async throws(StoreError) -> SetAside

    /// Throws `.corrupt` when it cannot be read.
    func session(id: String) async throws(StoreError) -> StoredSession?

    /// One row of a listing, also when the session cannot be read.
    func listedSession(id: String) async throws(StoreError) -> ListedSession?

    /// Sessions that are not finished, by phase; its cost grows with their number alone.
    func unfinishedSessionCounts() async throws(StoreError) -> [AnalysisSession.Phase: Int]

    /// Finished sessions that are still kept; its cost grows with all that is kept.
    func finishedSessionCount() async throws(StoreError) -> Int

    /// All samples of a session, in an order in which a later block replaces the instants it shares with an earlier one.
    func samples(ofSession id: String) async throws(StoreError) -> [SampleBlock]

    /// What the judge of an unfinished session has made of its samples, by metric; empty with a judge that keeps none.
    func states(ofSession id: String) async throws(StoreError) -> [StoredMetricState]

    /// The newest verdicts of a session, interim and final, oldest first: at most `limit`, and only those before the
    /// verdict `id` where one is given.
    func verdicts(
        ofSession id: String,
        newest limit: Int,
        before verdict: String?
    ) async throws(StoreError) -> VerdictHistory

    /// Every change of a session's state, oldest first.
    func transitions(ofSession id: String) async throws(StoreError) -> TransitionHistory

    /// Transitions and actions behind a place, and those that it misses: of each of the two at most `limit`, in the order
    /// of their numbers; of one session alone where one is named.
    func changes(
        after place: ChangePlace,
        ofSession id: String?,
        limit: Int
    ) async throws(StoreError) -> [SessionChange]

    /// The place behind all changes that are visible now.
    func endOfChanges() async throws(StoreError) -> ChangePlace

    // MARK: Outbox

    /// Renews the shards of a sink that the owner holds and takes free ones, so that it holds `claim.wanted`; what it
    /// holds beyond is given up. Returns what it holds now.
    func claimShards(_ claim: ShardClaim) async throws(StoreError) -> [ShardLease]

    /// Gives up all shards of a sink that the owner holds.
    func releaseShards(of sink: OutboxSink, owner: String) async throws(StoreError)

    /// Messages of a shard to deliver now, in order. A message never overtakes an unsettled one of the same key.
    /// The payload may be left out of those that have a content. Throws `.conflict` when the lease has been lost.
    func dueMessages(of lease: ShardLease, at now: Timestamp, limit: Int) async throws(StoreError) -> [OutboxMessage]

    /// Throws `.conflict` when the lease has been lost; nothing is settled then.
    func settle(_ settlements: [OutboxSettlement], under lease: ShardLease) async throws(StoreError)

    /// What the sink called the delivered message `id`, for example an annotation's number.
    func reference(to sink: OutboxSink, id: String) async throws(StoreError) -> String?

    /// What the sink called the message of a key that was delivered last; nil where none of those kept has a name.
    func lastReference(to sink: OutboxSink, key: String) async throws(StoreError) -> String?

    func outboxDepths() async throws(StoreError) -> [OutboxDepth]

    /// Messages of a sink behind a place, whether or not they were delivered, for as long as they are kept: in the order
    /// of their numbers, at most `limit`, and at most as many as have `maximumBytes` together; one alone may have more. No
    /// more than these are read. The payload may be left out of those that have a content.
    func messages(
        of sink: OutboxSink,
        after cursor: OutboxCursor,
        limit: Int,
        maximumBytes: Int
    ) async throws(StoreError) -> [OutboxMessage]

    /// A message of a sink by its id, whether or not it was delivered; nil where it is not kept.
    func message(of sink: OutboxSink, id: String) async throws(StoreError) -> OutboxMessage?

    /// The place behind everything that is visible now.
    func end(of sink: OutboxSink) async throws(StoreError) -> OutboxCursor

    // MARK: Rollouts

    /// Keeps what a rollout controller did. An action of the same source, id and time is kept once. A session has
    /// `StoredAction.maximumOfSession` at most: the oldest make room, but never the newest of a source, an id and an outcome.
    ///
    /// - Parameter messages: written with an action that is new to the store.
    func add(_ action: StoredAction, with messages: [OutboxMessage]) async throws(StoreError) -> RecordedAction

    /// Actions in the order in which they were kept, behind a number: at most `limit`, and at most as many as have
    /// `maximumBytes` together; one alone may have more. No more than these are read.
    func actions(after sequence: Int64, limit: Int, maximumBytes: Int) async throws(StoreError) -> [StoredAction]

    /// What was done about a session.
    func actions(ofSession id: String) async throws(StoreError) -> ActionHistory

    /// Where a reader of messages left off; nil for one that has never said.
    func place(of reader: String) async throws(StoreError) -> OutboxCursor?

    func setPlace(_ place: OutboxCursor, of reader: String) async throws(StoreError)

    /// Gives the name of a reader to a process until then, or keeps it for the one that has it. Returns who has it now.
    func leaseReader(_ lease: ReaderLease, at now: Timestamp) async throws(StoreError) -> ReaderLease

    /// Gives the name back, if the process has it.
    func releaseReader(_ reader: String, holder: String) async throws(StoreError)

    // MARK: Releases

    /// Forgets which releases of an application came in when, and keeps that it was asked for. Analyses stay. Returns how
    /// many environments something was known about.
    func resetReleases(_ reset: ReleaseReset) async throws(StoreError) -> Int

    /// What was asked to be forgotten, newest first: at most `limit`.
    func releaseResets(newest limit: Int) async throws(StoreError) -> [ReleaseReset]

    // MARK: Replicas

    /// Says that a replica is alive until then. Returns all that are alive now, by name.
    func checkIn(_ replica: Replica, at now: Timestamp) async throws(StoreError) -> [Replica]

    /// The replica has stopped.
    func checkOut(_ name: String) async throws(StoreError)

    // MARK: Upkeep

    /// Deletes up to `limit` rows of each kind that were done with before its time, in one transaction. A store
    /// that partitions samples by day drops whole partitions; each counts as one deletion. Never touches what an unfinished session needs.
    /// Returns how much of each kind; nothing when another replica is at it.
    func deleteExpired(_ cutoffs: RetentionCutoffs, limit: Int) async throws(StoreError) -> [RetainedKind: Int]

    /// Whether a write would succeed now; throws why not.
    func check() async throws(StoreError)

    /// Bytes that the store takes up: space that deletions left free, and that is used again, does not count.
    func size() async throws(StoreError) -> Int64

    func close() async
}

extension Store {
    package func answerEvents(
        limit: Int,
        _ answer: @escaping @Sendable (InboxEvent, ReleaseRecord) throws(StoreError) -> StoreChange
    ) async throws(StoreError) -> [AnsweredEvent] {
        try await answerEvents(limit: limit, maximumPerSource: nil, answer)
    }

    package func add(_ action: StoredAction) async throws(StoreError) -> RecordedAction {
        try await add(action, with: [])
    }

    package func verdicts(ofSession id: String, newest limit: Int) async throws(StoreError) -> VerdictHistory {
        try await verdicts(ofSession: id, newest: limit, before: nil)
    }

    /// Every verdict of a session, oldest first. Throws `.corrupt` when one cannot be read.
    package func verdicts(ofSession id: String) async throws(StoreError) -> [Verdict] {
        let history = try await verdicts(ofSession: id, newest: Int(Int32.max))
        if let problem = history.unreadable.first { throw StoreError(.corrupt, problem) }
        return history.verdicts
    }
}
