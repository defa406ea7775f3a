import Analysis
import Store

extension MemoryTables {
    mutating func claimShards(_ claim: ShardClaim) -> [ShardLease] {
        var rows = shards[claim.sink] ?? Array(repeating: ShardRow(), count: OutboxShard.count)
        var held = rows.indices.filter { rows[$0].owner == claim.owner }
        for index in held.dropFirst(max(0, claim.wanted)) { rows[index].free() }
        held = Array(held.prefix(max(0, claim.wanted)))
        for index in rows.indices where held.count < claim.wanted && rows[index].isFree(at: claim.now) {
            guard !held.contains(index) else { continue }
            rows[index].fence += 1
            rows[index].owner = claim.owner
            held.append(index)
        }
        for index in held { rows[index].until = claim.until }
        shards[claim.sink] = rows
        return held.sorted().map { index in
            ShardLease(sink: claim.sink, shard: index, fence: rows[index].fence, until: claim.until)
        }
    }

    mutating func releaseShards(of sink: OutboxSink, owner: String) {
        for index in (shards[sink] ?? []).indices where shards[sink]?[index].owner == owner {
            shards[sink]?[index].free()
        }
    }

    func dueMessages(of lease: ShardLease, at now: Timestamp, limit: Int) throws(StoreError) -> [OutboxMessage] {
        try check(lease)
        var due: [OutboxMessage] = []
        var waiting: Set<String> = []
        for sequence in unsettled where due.count < limit {
            guard let row = outbox[Int(sequence) - 1], row.message.sink == lease.sink, row.message.shard == lease.shard
            else { continue }
            if row.dueAt > now { waiting.insert(row.message.key) }
            if !waiting.contains(row.message.key) { due.append(row.message) }
        }
        return due
    }

    mutating func settle(_ settlements: [OutboxSettlement], under lease: ShardLease) throws(StoreError) {
        try check(lease)
        for settlement in settlements where outbox.indices.contains(Int(settlement.sequence) - 1) {
            let index = Int(settlement.sequence) - 1
            switch settlement.outcome {
            case .delivered(let reference):
                outbox[index]?.settledAt = settlement.at
                outbox[index]?.reference = reference
                outbox[index]?.error = nil
            case .retry(let at, let error):
                outbox[index]?.message.attempts += 1
                outbox[index]?.dueAt = at
                outbox[index]?.error = error
            case .dropped(let error):
                outbox[index]?.message.attempts += 1
                outbox[index]?.settledAt = settlement.at
                outbox[index]?.error = error
            }
            if outbox[index]?.settledAt != nil { unsettled.removeAll { $0 == settlement.sequence } }
        }
    }

    func reference(to sink: OutboxSink, id: String) -> String? {
        outboxSequences[MessageKey(sink: sink, id: id)].flatMap { outbox[Int($0) - 1]?.reference }
    }

    func lastReference(to sink: OutboxSink, key: String) -> String? {
        outbox.last { row in
            row?.message.sink == sink && row?.message.key == key && row?.reference != nil
        }??.reference
    }

    func outboxDepths() -> [OutboxDepth] {
        Dictionary(grouping: unsettled.compactMap { outbox[Int($0) - 1]?.message }, by: \.sink)
            .map { OutboxDepth(sink: $0, count: $1.count, oldest: $1.map(\.createdAt).min()) }
            .sorted { $0.sink.rawValue < $1.sink.rawValue }
    }

    mutating func checkIn(_ replica: Replica, at now: Timestamp) -> [Replica] {
        replicas[replica.name] = replica
        return replicas.values.filter { $0.aliveUntil > now }.sorted { $0.name < $1.name }
    }

    private func check(_ lease: ShardLease) throws(StoreError) {
        if let rows = shards[lease.sink], rows.indices.contains(lease.shard), rows[lease.shard].owner != nil,
            rows[lease.shard].fence == lease.fence
        {
            return
        }
        guard !defects.contains(.droppedFence) else { return }
        throw StoreError(.conflict, "shard \(lease.shard) of \(lease.sink.rawValue) has been taken over")
    }
}

extension MemoryTables.ShardRow {
    fileprivate func isFree(at now: Timestamp) -> Bool {
        guard owner != nil, let until else { return true }
        return until <= now
    }

    fileprivate mutating func free() {
        owner = nil
        until = nil
    }
}
