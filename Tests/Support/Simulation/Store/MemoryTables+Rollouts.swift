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

    mutating func add(_ action: StoredAction, with messages: [OutboxMessage]) -> RecordedAction {
        guard sessions[action.session] != nil else { return .unknownSession }
        let isDuplicate = actions.contains {
            $0.id == action.id && $0.at == action.at && $0.source == action.source
        }
        guard !isDuplicate else { return .duplicate }
        let kinds = Set(actions.filter { $0.session == action.session }.map(Self.kind))
        guard kinds.contains(Self.kind(action)) || kinds.count < StoredAction.maximumKindsOfSession else {
            droppedActions[action.session, default: 0] += 1
            return .notKept
        }
        var action = action
        actionSequence += 1
        action.sequence = actionSequence
        actions.append(action)
        dropSurplus(of: action.session)
        for message in messages { add(message) }
        return .stored
    }

    private mutating func dropSurplus(of session: String) {
        var newest: [[String]: Int64] = [:]
        let own = actions.filter { $0.session == session }
        for action in own { newest[Self.kind(action)] = action.sequence }
        let surplus = own.filter { newest[Self.kind($0)] != $0.sequence }.map(\.sequence)
            .prefix(max(0, own.count - StoredAction.maximumOfSession))
        guard !surplus.isEmpty else { return }
        let sequences = Set(surplus)
        actions.removeAll { sequences.contains($0.sequence) }
        droppedActions[session, default: 0] += surplus.count
    }

    private static func kind(_ action: StoredAction) -> [String] { [action.source, action.id, action.outcome] }

    func actions(after sequence: Int64, limit: Int, maximumBytes: Int) -> [StoredAction] {
        var bytes = 0
        return actions.filter { $0.sequence > sequence }.prefix(limit).enumerated().prefix { index, action in
            bytes += action.event.count
            return index == 0 || bytes <= maximumBytes
        }.map(\.element)
    }

    func actions(ofSession id: String) -> ActionHistory {
        ActionHistory(actions: actions.filter { $0.session == id }, dropped: droppedActions[id] ?? 0)
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
