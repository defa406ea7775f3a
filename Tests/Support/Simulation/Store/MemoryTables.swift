import Analysis
import Store

/// What a store in memory holds: values kept as they are.
struct MemoryTables: Sendable {
    struct InboxRow: Sendable {
        var event: InboxEvent
        var original: OriginalEvent?
        var answer: StoreChange.Answer?
        /// Its source has as many unfinished sessions as it may.
        var isHeld = false
        /// Why it cannot be read, where it cannot.
        var problem: String?
    }

    struct SessionRow: Sendable {
        var session: AnalysisSession
        var version: Int64
        var leaseOwner: String?
        var leaseUntil: Timestamp?
        /// Why this version does not work on it, where it does not.
        var problem: SetAside.Row?
        var setAsideAt: Timestamp?
    }

    struct OutboxRow: Sendable {
        var message: OutboxMessage
        var dueAt: Timestamp
        var settledAt: Timestamp?
        var reference: String?
        var error: String?
    }

    struct ShardRow: Sendable {
        var fence: Int64 = 0
        var owner: String?
        var until: Timestamp?
    }

    struct MessageKey: Hashable, Sendable {
        var sink: OutboxSink
        var id: String
    }

    /// Sequence 1 first; nil where a row has been deleted.
    var inbox: [InboxRow?] = []
    var inboxSequences: [EventIdentity: Int64] = [:]
    /// Sequences without an answer, oldest first.
    var unanswered: [Int64] = []
    var timelines: [ReleaseIdentity: ReleaseTimeline] = [:]
    var sharedTimelines: [ReleaseKey: SharedTimeline] = [:]
    var sessions: [String: SessionRow] = [:]
    /// In the order of opening.
    var unfinished: [String] = []
    /// Where turns go on that are shared out.
    var turnPlace = TurnPlace()
    var inboxPlace = TurnPlace()
    var samples: [String: [SampleBlock]] = [:]
    var states: [String: [Int: StoredMetricState]] = [:]
    var noise: [NoiseKey: StoredNoise] = [:]
    var pastAnalyses: [String: PastAnalysisRow] = [:]
    var verdicts: [String: [Verdict]] = [:]
    var transitions: [String: [SessionTransition]] = [:]
    /// Of each of them, in the same order.
    var transitionNumbers: [String: [Int64]] = [:]
    /// Of the transition that was written last.
    var transitionNumber: Int64 = 0
    /// Sequence 1 first; nil where a row has been deleted.
    var outbox: [OutboxRow?] = []
    /// Every message that was ever written, in order, without its payload.
    var outboxHistory: [OutboxMessage] = []
    var outboxSequences: [MessageKey: Int64] = [:]
    /// Sequences that have not been settled, in order.
    var unsettled: [Int64] = []
    var shards: [OutboxSink: [ShardRow]] = [:]
    var replicas: [String: Replica] = [:]
    var actions: [StoredAction] = []
    /// By session.
    var droppedActions: [String: Int] = [:]
    /// Of the action that was kept last.
    var actionSequence: Int64 = 0
    var places: [String: OutboxCursor] = [:]
    var resets: [ReleaseReset] = []
    var changes: [ListedChange] = []
    var lastChange: Int64 = 0
    var readerLeases: [String: ReaderLease] = [:]

    /// What has been built in for tests to find.
    var defects: Set<PlantedDefect> = []
}

/// A way in which a world can be broken on purpose: the simulation must find each.
package enum PlantedDefect: String, Sendable, CaseIterable {
    /// The store accepts writes of a replica that has lost its lease.
    case droppedFence
    /// Verdicts go onto their topic before the transaction that decides them is durable.
    case publishingBeforeCommit
    /// The offset of deploy events is stored before they are in the inbox.
    case offsetBeforeInsert
    /// Replicas trust their own wall clocks instead of the store's.
    case ownWallClock
    /// The inbox takes an event that comes again for a new one.
    case forgottenDuplicates
    /// A search for verdicts on their topic takes the beginning of an open transaction for its end.
    case silenceTakenForEnd
    /// The states that a judge keeps are not written with the decision.
    case unwrittenStates
    /// They are written by a replica that has lost its lease, too.
    case unfencedStates
    /// What is asked for behind a state begins with a step that has been folded in.
    case repeatedSteps
}
