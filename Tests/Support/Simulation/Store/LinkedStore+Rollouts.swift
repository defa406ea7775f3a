package import Analysis
package import Store

extension LinkedStore {
    package func messages(
        of sink: OutboxSink,
        after cursor: OutboxCursor,
        limit: Int,
        maximumBytes: Int
    ) async throws(StoreError) -> [OutboxMessage] {
        try await call("messages") { tables throws(StoreError) in
            tables.messages(of: sink, after: cursor, limit: limit, maximumBytes: maximumBytes)
        }
    }

    package func message(of sink: OutboxSink, id: String) async throws(StoreError) -> OutboxMessage? {
        try await call("message") { tables throws(StoreError) in tables.message(of: sink, id: id) }
    }

    package func end(of sink: OutboxSink) async throws(StoreError) -> OutboxCursor {
        try await call("end") { tables throws(StoreError) in tables.end(of: sink) }
    }

    package func add(
        _ action: StoredAction,
        with messages: [OutboxMessage]
    ) async throws(StoreError) -> RecordedAction {
        try await write("add") { tables throws(StoreError) in tables.add(action, with: messages) }
    }

    package func actions(
        after sequence: Int64,
        limit: Int,
        maximumBytes: Int
    ) async throws(StoreError) -> [StoredAction] {
        try await call("actions") { tables throws(StoreError) in
            tables.actions(after: sequence, limit: limit, maximumBytes: maximumBytes)
        }
    }

    package func actions(ofSession id: String) async throws(StoreError) -> ActionHistory {
        try await call("actions") { tables throws(StoreError) in tables.actions(ofSession: id) }
    }

    package func place(of reader: String) async throws(StoreError) -> OutboxCursor? {
        try await call("place") { tables throws(StoreError) in tables.places[reader] }
    }

    package func setPlace(_ place: OutboxCursor, of reader: String) async throws(StoreError) {
        try await write("setPlace") { tables throws(StoreError) in tables.places[reader] = place }
    }

    package func history(of release: ReleaseIdentity) async throws(StoreError) -> ReleaseHistory {
        try await call("history") { tables throws(StoreError) in tables.history(of: release) }
    }

    package func resetReleases(_ reset: ReleaseReset) async throws(StoreError) -> Int {
        try await write("resetReleases") { tables throws(StoreError) in tables.resetReleases(reset) }
    }

    package func releaseResets(newest limit: Int) async throws(StoreError) -> [ReleaseReset] {
        try await call("releaseResets") { tables throws(StoreError) in Array(tables.resets.reversed().prefix(limit)) }
    }

    package func keepChanges(_ changes: [KnownChange]) async throws(StoreError) -> [InboxOutcome] {
        try await write("keepChanges") { tables throws(StoreError) in tables.keep(changes) }
    }

    package func changes(_ query: ChangeQuery) async throws(StoreError) -> [ListedChange] {
        try await call("changes") { tables throws(StoreError) in tables.changes(query) }
    }

    package func leaseReader(_ lease: ReaderLease, at now: Timestamp) async throws(StoreError) -> ReaderLease {
        try await write("leaseReader") { tables throws(StoreError) in tables.leaseReader(lease, at: now) }
    }

    package func releaseReader(_ reader: String, holder: String) async throws(StoreError) {
        try await write("releaseReader") { tables throws(StoreError) in
            tables.releaseReader(reader, holder: holder)
        }
    }
}
