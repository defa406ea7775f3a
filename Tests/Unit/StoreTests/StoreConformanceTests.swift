import Analysis
import Foundation
import Judging
import Store
import Testing

/// What every store must do. Each case runs against each kind of store.
@Suite struct StoreConformanceTests {
    let now = Timestamp(rfc3339: "2026-03-01T10:00:00Z")!

    /// Runs the body on an empty store of each kind.
    func withStore(_ body: (any Store) async throws -> Void) async throws {
        for kind in StoreKind.available {
            do { try await kind.withStore(body) } catch {
                Issue.record(error, "\(kind)")
            }
        }
    }

    func event(_ id: String, version: String = "2.0", application: String = "shop") -> DeployEvent {
        DeployEvent(
            identity: EventIdentity(source: "/ci", id: id),
            application: application,
            environment: "production",
            version: version
        )
    }

    func session(_ id: String, version: String = "2.0") -> AnalysisSession {
        AnalysisSession(
            id: id,
            event: event(id, version: version),
            plan: AnalysisPlan(
                name: "p",
                schedule: AnalysisSchedule(step: .seconds(1), interval: .seconds(10), lifetime: .seconds(20)),
                metrics: [PlannedMetric(name: "m", query: "m{${scope}}")]
            ),
            receivedAt: now
        )
    }

    func open(_ sessions: AnalysisSession..., in store: any Store) async throws {
        var change = StoreChange()
        change.opened = sessions
        try await store.commit(change)
    }

    func claim(_ owner: String, at now: Timestamp, lease: Duration = .seconds(30)) -> LeaseClaim {
        LeaseClaim(owner: owner, now: now, until: now + lease)
    }

    @Sendable func noted(_ event: InboxEvent, _ record: ReleaseRecord) -> StoreChange {
        var change = StoreChange()
        change.answer = .init(outcome: "noted", at: now, history: record.history)
        return change
    }

    @Test func theSameEventTwiceIsADuplicate() async throws {
        try await withStore { store in
            let first = ReceivedEvent(event: event("1"), receivedAt: now)
            let outcomes = try await store.receive([first, first])
            #expect(outcomes == [.accepted, .duplicate])
            #expect(try await store.receive([first]) == [.duplicate])
            #expect(try await store.waitingEvents() == Backlog(count: 1, oldest: now))
            #expect(try await store.answerEvents(limit: 10, noted).map(\.event.event) == [event("1")])
            #expect(try await store.answerEvents(limit: 10, noted).isEmpty)
            #expect(try await store.waitingEvents() == Backlog(count: 0, oldest: nil))
        }
    }

    @Test func aChangeIsAllOrNothing() async throws {
        try await withStore { store in
            try await open(session("a"), in: store)
            var change = StoreChange()
            change.opened = [session("b")]
            change.messages = [
                OutboxMessage(sink: .verdicts, id: "m", key: "k", payload: [1], createdAt: now)
            ]
            change.written = [StoredSession(session: session("a"), version: 99)]
            do throws(StoreError) {
                try await store.commit(change)
                Issue.record("a stale version was accepted")
            } catch {
                #expect(error.code == .conflict)
            }
            #expect(try await store.session(id: "b") == nil)
            #expect(try await store.outboxDepths().isEmpty)
        }
    }

    @Test func leasesExcludeOthersUntilTheyRunOut() async throws {
        try await withStore { store in
            try await open(session("a"), in: store)
            let due = now + .seconds(60)
            #expect(try await store.claimDueSessions(claim("one", at: now), limit: 10).isEmpty)
            let first = try await store.claimDueSessions(claim("one", at: due), limit: 10)
            #expect(first.map(\.session.id) == ["a"])
            #expect(try await store.claimDueSessions(claim("two", at: due), limit: 10).isEmpty)
            let second = try await store.claimDueSessions(claim("two", at: due + .seconds(31)), limit: 10)
            #expect(second.map(\.session.id) == ["a"])
            // The first holder wakes up late: its write must not count.
            var late = StoreChange()
            late.written = first
            await #expect(throws: StoreError.self) { try await store.commit(late) }
            var current = StoreChange()
            current.written = second
            try await store.commit(current)
        }
    }

    @Test func releasedLeasesCanBeClaimedAtOnce() async throws {
        try await withStore { store in
            try await open(session("a"), in: store)
            let due = now + .seconds(60)
            _ = try await store.claimDueSessions(claim("one", at: due), limit: 10)
            #expect(try await store.nextWake() == due + .seconds(30))
            try await store.releaseLeases(owner: "one")
            #expect(try await store.claimDueSessions(claim("two", at: due), limit: 10).count == 1)
        }
    }

    @Test func samplesComeBackAsTheyWere() async throws {
        try await withStore { store in
            try await open(session("a"), in: store)
            let block = SampleBlock(
                session: "a",
                metric: 0,
                side: .control,
                first: now,
                step: .seconds(1),
                values: [1, -0.0, .infinity, 1e308, .leastNonzeroMagnitude]
            )
            var change = StoreChange()
            change.samples = [block]
            try await store.commit(change)
            #expect(try await store.samples(ofSession: "a") == [block])
            var gap = block
            gap.values = [.nan]
            change.samples = [gap]
            try await store.commit(change)
            #expect(try await store.samples(ofSession: "a").last?.values.first?.isNaN == true)
        }
    }

    func shards(_ owner: String, _ wanted: Int, at now: Timestamp) -> ShardClaim {
        ShardClaim(sink: .webhook, owner: owner, wanted: wanted, now: now, until: now + .seconds(30))
    }

    @Test func messagesOfAKeyKeepTheirOrder() async throws {
        try await withStore { store in
            // Two keys of one shard.
            let other = try #require(
                (0...).lazy.map { "b\($0)" }.first { OutboxShard.of(key: $0) == OutboxShard.of(key: "a") }
            )
            var change = StoreChange()
            change.messages = [("1", "a"), ("2", "a"), ("3", other)].map {
                OutboxMessage(sink: .webhook, id: $0.0, key: $0.1, payload: Array($0.0.utf8), createdAt: now)
            }
            change.messages.append(change.messages[0])
            try await store.commit(change)
            let held = try await store.claimShards(shards("one", OutboxShard.count, at: now))
            let lease = try #require(held.first { $0.shard == OutboxShard.of(key: "a") })
            let due = try await store.dueMessages(of: lease, at: now, limit: 10)
            #expect(due.map(\.id) == ["1", "2", "3"])
            let retry = OutboxSettlement.Outcome.retry(at: now + .seconds(5), error: "x")
            try await store.settle(
                [OutboxSettlement(sequence: due[0].sequence, outcome: retry, at: now)],
                under: lease
            )
            #expect(try await store.dueMessages(of: lease, at: now, limit: 10).map(\.id) == ["3"])
            let later = try await store.dueMessages(of: lease, at: now + .seconds(5), limit: 10)
            #expect(later.map(\.id) == ["1", "2", "3"])
            #expect(later[0].attempts == 1)
            try await store.settle(
                [
                    OutboxSettlement(sequence: later[0].sequence, outcome: .delivered(reference: "42"), at: now),
                    OutboxSettlement(sequence: later[1].sequence, outcome: .dropped(error: "no"), at: now),
                ],
                under: lease
            )
            #expect(try await store.reference(to: .webhook, id: "1") == "42")
            #expect(try await store.outboxDepths() == [OutboxDepth(sink: .webhook, count: 1, oldest: now)])
        }
    }

    @Test func aShardHasOneOwnerAndTheOneBeforeCanSettleNothing() async throws {
        try await withStore { store in
            var change = StoreChange()
            change.messages = [OutboxMessage(sink: .webhook, id: "1", key: "a", payload: [1], createdAt: now)]
            try await store.commit(change)
            let all = try await store.claimShards(shards("one", OutboxShard.count, at: now))
            #expect(all.map(\.shard) == Array(0..<OutboxShard.count))
            #expect(try await store.claimShards(shards("two", 2, at: now)).isEmpty)
            // A second replica joins: the first gives up its surplus, and keeps the fences of the rest.
            let kept = try await store.claimShards(shards("one", 2, at: now + .seconds(10)))
            #expect(kept.map(\.shard) == [0, 1])
            #expect(kept.map(\.fence) == all.prefix(2).map(\.fence))
            let second = try await store.claimShards(shards("two", 2, at: now + .seconds(10)))
            #expect(second.map(\.shard) == [2, 3])
            // The first is paused for longer than its lease.
            let taken = try await store.claimShards(shards("two", OutboxShard.count, at: now + .seconds(41)))
            #expect(taken.count == OutboxShard.count)
            let lease = try #require(all.first { $0.shard == OutboxShard.of(key: "a") })
            await #expect(throws: StoreError.self) { try await store.dueMessages(of: lease, at: now, limit: 1) }
            let settlement = OutboxSettlement(sequence: 1, outcome: .delivered(reference: nil), at: now)
            await #expect(throws: StoreError.self) { try await store.settle([settlement], under: lease) }
            #expect(try await store.outboxDepths().map(\.count) == [1])
            try await store.releaseShards(of: .webhook, owner: "two")
            #expect(try await store.claimShards(shards("one", 4, at: now + .seconds(42))).count == 4)
        }
    }

    @Test func replicasThatDoNotCheckInAreForgotten() async throws {
        try await withStore { store in
            func replica(_ name: String, at now: Timestamp) -> Replica {
                Replica(name: name, relays: true, startedAt: self.now, aliveUntil: now + .seconds(30))
            }
            _ = try await store.checkIn(replica("b", at: now), at: now)
            #expect(try await store.checkIn(replica("a", at: now), at: now).map(\.name) == ["a", "b"])
            let later = now + .seconds(20)
            #expect(try await store.checkIn(replica("a", at: later), at: later).count == 2)
            let latest = now + .seconds(31)
            #expect(try await store.checkIn(replica("a", at: latest), at: latest).map(\.name) == ["a"])
            try await store.checkOut("a")
            #expect(try await store.checkIn(replica("c", at: latest), at: latest).map(\.name) == ["c"])
        }
    }

    @Test func renewingKeepsALeaseThatHasNotBeenLost() async throws {
        try await withStore { store in
            try await open(session("a"), session("b"), in: store)
            let due = now + .seconds(60)
            let held = try await store.claimDueSessions(claim("one", at: due), limit: 10)
            let versions = Dictionary(uniqueKeysWithValues: held.map { ($0.session.id, $0.version) })
            #expect(try await store.renewLeases(versions, until: due + .seconds(90)) == ["a", "b"])
            #expect(try await store.claimDueSessions(claim("two", at: due + .seconds(60)), limit: 1).isEmpty)
            let lost = try await store.claimDueSessions(claim("two", at: due + .seconds(91)), limit: 1)
            let kept = try await store.renewLeases(versions, until: due + .seconds(200))
            #expect(kept == Set(["a", "b"]).subtracting(lost.map(\.session.id)))
        }
    }

    @Test func anAnswerSeesTheAnswersBeforeIt() async throws {
        try await withStore { store in
            let events = ["1", "2"].map { ReceivedEvent(event: event($0, version: $0), receivedAt: now) }
            #expect(try await store.receive(events) == [.accepted, .accepted])
            let answered = try await store.answerEvents(limit: 10) { [now] inbox, record in
                var change = StoreChange()
                var history = record.history
                _ = history.apply(inbox.event, receivedAt: now, analysed: [])
                change.opened = [session(inbox.event.identity.id, version: inbox.event.version)]
                for var older in record.unfinished {
                    _ = older.session.handle(.superseded(version: inbox.event.version), at: now)
                    change.written.append(older)
                }
                change.answer = .init(
                    outcome: "after \(record.history.own.newest?.version ?? "none")",
                    at: now,
                    history: history
                )
                return change
            }
            #expect(answered.map(\.change.answer?.outcome) == ["after none", "after 1"])
            #expect(try await store.session(id: "1")?.session.phase == .finished)
            #expect(try await store.session(id: "2")?.session.phase == .warmingUp)
        }
    }

    @Test func sessionsAreFoundByWhatTheyAre() async throws {
        try await withStore { store in
            try await open(session("a"), session("b", version: "3.0"), in: store)
            #expect(try await store.sessions(SessionQuery(version: "3.0")).map(\.id) == ["b"])
            #expect(try await store.sessions(SessionQuery(application: "other")).isEmpty)
            #expect(try await store.sessions(SessionQuery(limit: 1)).count == 1)
            #expect(try await store.unfinishedSessionCounts() == [.warmingUp: 2])
            #expect(try await store.finishedSessionCount() == 0)
        }
    }

    @Test func pagesNeitherRepeatNorSkipSessionsOfTheSameMillisecond() async throws {
        try await withStore { store in
            for id in ["c", "a", "e", "b", "d"] { try await open(session(id), in: store) }
            var seen: [String] = []
            var query = SessionQuery(limit: 2)
            while true {
                let page = try await store.sessions(query)
                seen += page.map(\.id)
                guard let last = page.last else { break }
                query.after = SessionCursor("\(SessionCursor(openedAt: last.openedAt, id: last.id))")
            }
            #expect(seen == ["a", "b", "c", "d", "e"])
            query.after = SessionCursor(now.rfc3339)
            #expect(try await store.sessions(query).isEmpty)
        }
    }

    @Test func verdictsComeBackWithTheirNumbers() async throws {
        try await withStore { store in
            var (session, verdict) = AnalysisSession.rejected(
                id: "a",
                event: event("1"),
                ending: .noPlan("none matches"),
                receivedAt: now,
                at: now
            )
            verdict.score = .nan
            _ = session.handle(.woken, at: now)
            var change = StoreChange()
            change.opened = [session]
            change.verdicts = [verdict, verdict]
            try await store.commit(change)
            let stored = try await store.verdicts(ofSession: "a")
            #expect(stored.count == 1)
            #expect(stored[0].score?.isNaN == true)
            #expect(stored[0].reason == "no plan: none matches")
        }
    }

    @Test func theSizeGrowsWithWhatIsKept() async throws {
        try await withStore { store in
            let before = try await store.size()
            var change = StoreChange()
            let session = session("a")
            change.opened = [session]
            let numbers = (0..<20_000).map { Double($0) * 1.000_1 }
            change.samples = (0..<20).map { metric in
                SampleBlock(
                    session: "a",
                    metric: metric,
                    side: .control,
                    first: session.schedule.start + session.plan.schedule.step,
                    step: session.plan.schedule.step,
                    values: numbers.map { $0 + Double(metric) }
                )
            }
            try await store.commit(change)
            let after = try await store.size()
            #expect(before > 0)
            #expect(after > before + 100_000)
        }
    }

    @Test func theNewestVerdictsComeBackOldestFirst() async throws {
        try await withStore { store in
            let (session, final) = AnalysisSession.rejected(
                id: "a",
                event: event("1"),
                ending: .noPlan("none matches"),
                receivedAt: now,
                at: now
            )
            var change = StoreChange()
            change.opened = [session]
            change.verdicts = (0..<5).map { number in
                var verdict = final
                verdict.id = "a/\(number)"
                verdict.decidedAt = now + .seconds(number)
                return verdict
            }
            try await store.commit(change)
            #expect(try await store.verdicts(ofSession: "a", newest: 2).verdicts.map(\.id) == ["a/3", "a/4"])
            #expect(try await store.verdicts(ofSession: "a", newest: 0).verdicts.isEmpty)
            let pages = [("a/3", ["a/1", "a/2"], "a/1"), ("a/1", ["a/0"], nil), ("a/0", [], nil), ("none", [], nil)]
            for (before, ids, oldest) in pages {
                let page = try await store.verdicts(ofSession: "a", newest: 2, before: before)
                #expect(page.verdicts.map(\.id) == ids)
                #expect(page.oldest == oldest)
            }
            #expect(try await store.verdicts(ofSession: "a").count == 5)
        }
    }

    @Test func transitionsComeBackInTheirOrder() async throws {
        try await withStore { store in
            let session = session("a")
            var change = StoreChange()
            change.opened = [session]
            change.transitions = ["one", "two"].map { reason in
                SessionTransition(
                    session: "a",
                    at: now,
                    replica: "r",
                    cause: .opened,
                    from: reason == "one" ? nil : .warmingUp,
                    to: .sampling,
                    look: 3,
                    reason: reason,
                    result: reason == "one" ? nil : .marginal
                )
            }
            try await store.commit(change)
            #expect(try await store.transitions(ofSession: "a") == TransitionHistory(transitions: change.transitions))
            #expect(try await store.transitions(ofSession: "b").transitions.isEmpty)
        }
    }
}
