import Analysis
import Store

extension MemoryTables {
    func messages(
        of sink: OutboxSink,
        after cursor: OutboxCursor,
        limit: Int,
        maximumBytes: Int
    ) -> [OutboxMessage] {
        let behind = outbox.lazy.compactMap { $0?.message }.filter {
            $0.sink == sink && $0.sequence > cursor.sequences[$0.shard]
        }
        var bytes = 0
        return behind.prefix(limit).enumerated().prefix { index, message in
            bytes += message.content?.body.count ?? message.payload.count
            return index == 0 || bytes <= maximumBytes
        }.map(\.element)
    }

    func message(of sink: OutboxSink, id: String) -> OutboxMessage? {
        outboxSequences[MessageKey(sink: sink, id: id)].flatMap { outbox[Int($0) - 1]?.message }
    }

    func end(of sink: OutboxSink) -> OutboxCursor {
        var cursor = OutboxCursor()
        for message in outbox.compactMap({ $0?.message }) where message.sink == sink { cursor.pass(message) }
        return cursor
    }

    mutating func add(_ action: StoredAction) -> RecordedAction {
        guard sessions[action.session] != nil else { return .unknownSession }
        guard !actions.contains(where: { $0.id == action.id && $0.at == action.at }) else { return .duplicate }
        var action = action
        actionSequence += 1
        action.sequence = actionSequence
        actions.append(action)
        return .stored
    }

    func actions(after sequence: Int64, limit: Int) -> [StoredAction] {
        Array(actions.filter { $0.sequence > sequence }.prefix(limit))
    }

    func actions(ofSession id: String, newest limit: Int) -> [StoredAction] {
        Array(actions.filter { $0.session == id }.suffix(limit))
    }

    mutating func resetReleases(_ reset: ReleaseReset) -> Int {
        func isMeant(_ key: ReleaseKey) -> Bool {
            key.application == reset.application && (reset.environment ?? key.environment) == key.environment
        }
        let known = sharedTimelines.count
        timelines = timelines.filter { !isMeant($0.key.key) }
        sharedTimelines = sharedTimelines.filter { !isMeant($0.key) }
        var reset = reset
        reset.sequence = (resets.last?.sequence ?? 0) + 1
        resets.append(reset)
        return known - sharedTimelines.count
    }

    mutating func leaseReader(_ lease: ReaderLease, at now: Timestamp) -> ReaderLease {
        if let known = readerLeases[lease.reader], known.holder != lease.holder, known.until > now { return known }
        readerLeases[lease.reader] = lease
        return lease
    }

    mutating func releaseReader(_ reader: String, holder: String) {
        if readerLeases[reader]?.holder == holder { readerLeases[reader] = nil }
    }
}
