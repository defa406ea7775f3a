package import Analysis
package import Store

extension MemoryStore {
    package func messages(
        of sink: OutboxSink,
        after cursor: OutboxCursor,
        limit: Int,
        maximumBytes: Int
    ) async throws(StoreError) -> [OutboxMessage] {
        read { $0.messages(of: sink, after: cursor, limit: limit, maximumBytes: maximumBytes) }
    }

    package func message(of sink: OutboxSink, id: String) async throws(StoreError) -> OutboxMessage? {
        read { $0.message(of: sink, id: id) }
    }

    package func end(of sink: OutboxSink) async throws(StoreError) -> OutboxCursor {
        read { $0.end(of: sink) }
    }

    package func add(
        _ action: StoredAction,
        with messages: [OutboxMessage]
    ) async throws(StoreError) -> RecordedAction {
        try transaction { tables throws(StoreError) in tables.add(action, with: messages) }
    }

    package func actions(
        after sequence: Int64,
        limit: Int,
        maximumBytes: Int
    ) async throws(StoreError) -> [StoredAction] {
        read { $0.actions(after: sequence, limit: limit, maximumBytes: maximumBytes) }
    }

    package func actions(ofSession id: String) async throws(StoreError) -> ActionHistory {
        read { $0.actions(ofSession: id) }
    }

    package func place(of reader: String) async throws(StoreError) -> OutboxCursor? {
        read { $0.places[reader] }
    }

    package func setPlace(_ place: OutboxCursor, of reader: String) async throws(StoreError) {
        try transaction { tables throws(StoreError) in tables.places[reader] = place }
    }

    package func history(of release: ReleaseIdentity) async throws(StoreError) -> ReleaseHistory {
        read { $0.history(of: release) }
    }

    package func resetReleases(_ reset: ReleaseReset) async throws(StoreError) -> Int {
        try transaction { tables throws(StoreError) in tables.resetReleases(reset) }
    }

    package func releaseResets(newest limit: Int) async throws(StoreError) -> [ReleaseReset] {
        read { Array($0.resets.reversed().prefix(limit)) }
    }

    package func keepChanges(_ changes: [KnownChange]) async throws(StoreError) -> [InboxOutcome] {
        try transaction { tables throws(StoreError) in tables.keep(changes) }
    }

    package func changes(_ query: ChangeQuery) async throws(StoreError) -> [ListedChange] {
        read { $0.changes(query) }
    }

    package func leaseReader(_ lease: ReaderLease, at now: Timestamp) async throws(StoreError) -> ReaderLease {
        try transaction { tables throws(StoreError) in tables.leaseReader(lease, at: now) }
    }

    package func releaseReader(_ reader: String, holder: String) async throws(StoreError) {
        try transaction { tables throws(StoreError) in tables.releaseReader(reader, holder: holder) }
    }
}
