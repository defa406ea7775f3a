import Analysis
import Store
import Synchronization
import Testing

/// What must hold when several do the same at the same time. Each case runs against each kind of store.
@Suite(.timeLimit(.minutes(5)))
struct StoreConcurrencyTests {
    private let now = Fixture.now

    @Test(arguments: StoreKind.available)
    func aSessionIsClaimedOnce(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let ids = (0..<200).map { "s\($0)" }
            try await store.commit(Fixture.change { $0.opened = ids.map { Fixture.session($0, application: $0) } })
            let due = now + .seconds(60)
            let claimed = try await withThrowingTaskGroup { group in
                for owner in 0..<8 {
                    group.addTask {
                        let claim = LeaseClaim(owner: "\(owner)", now: due, until: due + .seconds(30))
                        var mine: [String] = []
                        while true {
                            let sessions = try await store.claimDueSessions(claim, limit: 7)
                            if sessions.isEmpty { return mine }
                            #expect(sessions.allSatisfy { $0.version == 2 })
                            mine += sessions.map(\.session.id)
                        }
                    }
                }
                return try await group.reduce(into: [String]()) { $0 += $1 }
            }
            // With locks that are skipped, one who finds nothing may leave before another's claim fails: never twice,
            // and at the end all.
            #expect(claimed.sorted() == ids.sorted())
        }
    }

    @Test(arguments: StoreKind.available)
    func eachEventIsAnsweredOnceAndInOrder(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let count = 120
            for start in stride(from: 0, to: count, by: 40) {
                _ = try await store.receive(
                    (start..<start + 40).map { Fixture.received("\($0)", application: "a\($0 % 5)") }
                )
            }
            let order = Log()
            try await withThrowingTaskGroup { group in
                for _ in 0..<4 {
                    group.addTask {
                        while try await store.waitingEvents().count > 0 {
                            let answered = try await store.answerEvents(limit: 7, Fixture.noted)
                            order.append(answered.map(\.event.sequence))
                        }
                    }
                }
                try await group.waitForAll()
            }
            let sequences = order.batches.flatMap { $0 }
            #expect(Set(sequences).count == count)
            #expect(sequences.count == count)
            // Batches never overlap, no matter which caller answered them.
            for batch in order.batches { #expect(batch == batch.sorted()) }
            let batches = order.batches.filter { !$0.isEmpty }.sorted { $0[0] < $1[0] }
            #expect(batches.flatMap { $0 } == sequences.sorted())
        }
    }

    @Test(arguments: StoreKind.available)
    func theSameEventsFromSeveralSidesAreAcceptedOnce(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let events = (0..<300).map { Fixture.received("\($0)") }
            let accepted = try await withThrowingTaskGroup { group in
                for sender in 0..<4 {
                    group.addTask {
                        // In opposite orders, so that transactions get in each other's way.
                        let mine = sender.isMultiple(of: 2) ? events : events.reversed()
                        return try await store.receive(mine).count { $0 == .accepted }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(accepted == events.count)
            #expect(try await store.waitingEvents().count == events.count)
        }
    }

    /// A reader that has seen a message of a shard never sees one with a smaller number later.
    @Test(arguments: StoreKind.available)
    func messagesOfAShardAppearInTheOrderOfTheirNumbers(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let claim = ShardClaim(
                sink: .verdicts,
                owner: "one",
                wanted: OutboxShard.count,
                now: now,
                until: now + .seconds(30)
            )
            let leases = try await store.claimShards(claim)
            let written = Flag()
            try await withThrowingTaskGroup { group in
                group.addTask {
                    var seen: [Int: [Int64]] = [:]
                    while true {
                        let isLast = written.isUp
                        for lease in leases {
                            let due = try await store.dueMessages(of: lease, at: now, limit: 10_000)
                            let before = seen[lease.shard] ?? []
                            #expect(Array(due.map(\.sequence).prefix(before.count)) == before)
                            seen[lease.shard] = due.map(\.sequence)
                        }
                        if isLast { break }
                        // A store in memory never makes a caller wait: the writers need the thread.
                        await Task.yield()
                    }
                    #expect(seen.values.reduce(0) { $0 + $1.count } == 6 * 40 * 3)
                }
                try await withThrowingTaskGroup { writers in
                    for writer in 0..<6 {
                        writers.addTask {
                            for round in 0..<40 {
                                let messages = (0..<3).map {
                                    Fixture.message("\(writer)-\(round)-\($0)", key: "\(writer * 7 + $0)")
                                }
                                try await store.commit(Fixture.change { $0.messages = messages })
                            }
                        }
                    }
                    try await writers.waitForAll()
                }
                written.raise()
                try await group.waitForAll()
            }
        }
    }

    /// Of many who read the same version, one writes.
    @Test(arguments: StoreKind.available)
    func oneOfManyWritersWins(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.commit(Fixture.change { $0.opened = [Fixture.session("a")] })
            let stored = try #require(try await store.session(id: "a"))
            let outcomes = await withTaskGroup { group in
                for writer in 0..<8 {
                    group.addTask { () -> StoreError.Code? in
                        do throws(StoreError) {
                            try await store.commit(
                                Fixture.change {
                                    $0.written = [stored]
                                    $0.messages = [Fixture.message("\(writer)", key: "a")]
                                }
                            )
                            return nil
                        } catch { return error.code }
                    }
                }
                return await group.reduce(into: [StoreError.Code?]()) { $0.append($1) }
            }
            #expect(outcomes.count { $0 == nil } == 1)
            #expect(outcomes.count { $0 == .conflict } == 7)
            #expect(try await store.outboxDepths().map(\.count) == [1])
        }
    }

    /// Every shard has one owner at any time, and changes of owners raise the fence.
    @Test(arguments: StoreKind.available)
    func shardsAreHeldByOneEach(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let leases = try await withThrowingTaskGroup { group in
                for owner in 0..<6 {
                    group.addTask {
                        try await store.claimShards(
                            ShardClaim(
                                sink: .webhook,
                                owner: "\(owner)",
                                wanted: 2,
                                now: now,
                                until: now + .seconds(30)
                            )
                        )
                    }
                }
                return try await group.reduce(into: [ShardLease]()) { $0 += $1 }
            }
            #expect(leases.map(\.shard).sorted() == Array(0..<OutboxShard.count))
        }
    }
}

/// What was answered, in the order in which it was reported.
private final class Log: Sendable {
    private let state = Mutex<[[Int64]]>([])

    var batches: [[Int64]] { self.state.withLock { $0 } }

    func append(_ batch: [Int64]) {
        self.state.withLock { $0.append(batch) }
    }
}

private final class Flag: Sendable {
    private let value = Atomic(false)

    var isUp: Bool { self.value.load(ordering: .acquiring) }

    func raise() {
        self.value.store(true, ordering: .releasing)
    }
}
