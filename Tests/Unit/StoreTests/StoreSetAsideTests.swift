import Analysis
import Foundation
import GRDB
import Judging
import Postgres
import Simulation
import StoredFormats
import Testing

@testable import Store

/// A store never hands out what this version cannot work on, and never loses sight of it.
@Suite struct StoreSetAsideTests {
    private let now = Fixture.now
    private let due = Fixture.now + .seconds(60)

    private func claim(_ owner: String, at time: Timestamp) -> LeaseClaim {
        LeaseClaim(owner: owner, now: time, until: time + .seconds(30))
    }

    private func open(_ ids: String..., in store: any Store) async throws {
        try await store.commit(Fixture.change { $0.opened = ids.map { Fixture.session($0, application: $0) } })
    }

    @Test(
        arguments: StoreKind.available,
        [SetAsideReason.unreadable, .newerForm, .unknownJudge]
    )
    func whatCannotBeWorkedOnIsNotClaimed(_ kind: StoreKind, _ reason: SetAsideReason) async throws {
        try await kind.withStore { store in
            try await open("bad", "good", in: store)
            try await kind.spoil("bad", reason, in: store)
            let claimed = try await store.claimDueSessions(claim("one", at: due), limit: 10)
            #expect(claimed.map(\.session.id) == ["good"])
            // Nor does it wake an engine.
            #expect(try await store.nextWake() == due + .seconds(30))
            #expect(try await store.claimDueSessions(claim("two", at: due + .seconds(31)), limit: 10).count == 1)

            let setAside = try await store.setAside()
            #expect(setAside.counts.filter { $0.value > 0 } == [reason: 1])
            #expect(setAside.rows.map(\.id) == ["bad"])
            #expect(try await store.unfinishedSessionCounts().values.reduce(0, +) == 2)
        }
    }

    @Test(arguments: StoreKind.available, [SetAsideReason.unreadable, .newerForm])
    func aListShowsWhatCannotBeRead(_ kind: StoreKind, _ reason: SetAsideReason) async throws {
        try await kind.withStore { store in
            try await open("bad", "good", in: store)
            try await kind.spoil("bad", reason, in: store)
            _ = try await store.claimDueSessions(claim("one", at: due), limit: 10)
            let rows = try await store.sessions(SessionQuery())
            #expect(Set(rows.map(\.id)) == ["bad", "good"])
            let listed = try #require(try await store.listedSession(id: "bad"))
            guard case .unreadable(let row) = listed else {
                Issue.record("it was read")
                return
            }
            #expect(row.application == "bad" && row.environment == "production" && row.version == "2.0")
            #expect(row.openedAt == now && !row.reason.isEmpty)
            let error = await #expect(throws: StoreError.self) { try await store.session(id: "bad") }
            #expect(error?.code == .corrupt)
        }
    }

    /// A second analysis must not open beside one that this version only cannot see.
    @Test(arguments: StoreKind.available, [SetAsideReason.unreadable, .newerForm, .unknownJudge])
    func anEventWaitsForTheAnalysisOfItsRelease(_ kind: StoreKind, _ reason: SetAsideReason) async throws {
        try await kind.withStore { store in
            try await open("shop", in: store)
            try await kind.spoil("shop", reason, in: store)
            _ = try await store.receive([Fixture.received("1"), Fixture.received("2", application: "other")])
            let answered = try await store.answerEvents(limit: 10, Fixture.noted)
            #expect(answered.map(\.event.event.application) == ["other"])
            #expect(try await store.answerEvents(limit: 10, Fixture.noted).isEmpty)
            #expect(try await store.waitingEvents().count == 1)
            // It does not hold up the others, however many wait.
            _ = try await store.receive([Fixture.received("3", application: "other")])
            #expect(try await store.answerEvents(limit: 1, Fixture.noted).map(\.event.event.identity.id) == ["3"])
        }
    }

    @Test(arguments: StoreKind.available)
    func anEventThatCannotBeReadIsSetAside(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            _ = try await store.receive([Fixture.received("1"), Fixture.received("2")])
            try await kind.spoilEvent("1", in: store)
            #expect(try await store.answerEvents(limit: 10, Fixture.noted).map(\.event.event.identity.id) == ["2"])
            #expect(try await store.waitingEvents().count == 0)
            let setAside = try await store.setAside()
            #expect(setAside.counts.filter { $0.value > 0 } == [.unreadableEvent: 1])
            #expect(setAside.rows.map(\.id) == ["/ci 1"])
        }
    }

    @Test(arguments: StoreKind.available)
    func aClaimedSessionCanBeSetAside(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await open("shop", in: store)
            let claimed = try #require(try await store.claimDueSessions(claim("one", at: due), limit: 1).first)
            await #expect(throws: StoreError.self) {
                try await store.setAside("shop", version: claimed.version - 1, because: "stale")
            }
            try await store.setAside("shop", version: claimed.version, because: "no samples can be read")
            #expect(try await store.claimDueSessions(claim("two", at: due + .seconds(60)), limit: 1).isEmpty)
            #expect(try await store.setAside().rows.map(\.detail) == ["no samples can be read"])
            // The replica that held it writes nothing more.
            let error = await #expect(throws: StoreError.self) {
                try await store.commit(Fixture.change { $0.written = [claimed] })
            }
            #expect(error?.code == .conflict)
        }
    }

    @Test func whatWasSetAsideIsTriedAgainByTheNextProcess() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = directory.appending(path: "store.db").path
        let store = try SQLiteStore(path: path)
        try await open("shop", in: store)
        let claimed = try #require(try await store.claimDueSessions(claim("one", at: due), limit: 1).first)
        try await store.setAside("shop", version: claimed.version, because: "a defect of this version")
        await store.close()
        let next = try SQLiteStore(path: path)
        #expect(try await next.claimDueSessions(claim("two", at: due), limit: 1).map(\.session.id) == ["shop"])
        #expect(try await next.setAside().rows.isEmpty)
        await next.close()
    }

    @Test(arguments: StoreKind.available.filter { $0 != .memory })
    func aVerdictThatCannotBeReadDoesNotHideTheOthers(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let (session, verdict) = AnalysisSession.rejected(
                id: "a",
                event: Fixture.event("1"),
                ending: .noPlan("none matches"),
                receivedAt: now,
                at: now
            )
            var other = verdict
            other.id = "a/0"
            try await store.commit(
                Fixture.change { change in
                    change.opened = [session]
                    change.verdicts = [other, verdict]
                }
            )
            try await kind.run("UPDATE verdicts SET verdict = \(kind.noBytes) WHERE id = 'a/0'", in: store)
            let history = try await store.verdicts(ofSession: "a", newest: 10)
            #expect(history.verdicts.map(\.id) == [verdict.id])
            #expect(history.unreadable.count == 1)
            await #expect(throws: StoreError.self) { try await store.verdicts(ofSession: "a") }
        }
    }

    /// A step decides nothing: one that cannot be read hides neither the others nor the analysis.
    @Test(arguments: StoreKind.available.filter { $0 != .memory })
    func aTransitionOfAnotherVersionDoesNotHideTheOthers(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let session = Fixture.session("a")
            let change = Fixture.change { change in
                change.opened = [session]
                change.transitions = SessionTransition.between(nil, session, verdicts: [], at: now, replica: "r")
                change.transitions += change.transitions
            }
            try await store.commit(change)
            let first = "(SELECT min(sequence) FROM transitions)"
            if kind == .sqlite {
                let changed = "replace(CAST(transition AS TEXT), 'warmingUp', 'pondering')"
                try await kind.run(
                    "UPDATE transitions SET transition = CAST(\(changed) AS BLOB) WHERE sequence = \(first)",
                    in: store
                )
            } else {
                try await kind.run(
                    "UPDATE transitions SET to_phase = 'pondering', from_phase = 'dreaming' WHERE sequence = \(first)",
                    in: store
                )
            }
            let history = try await store.transitions(ofSession: "a")
            #expect(history.transitions.map(\.to.rawValue) == ["pondering", "warmingUp"] && history.unreadable.isEmpty)
            guard kind == .sqlite else { return }
            try await kind.run(
                "UPDATE transitions SET transition = \(kind.noBytes) WHERE sequence = \(first)",
                in: store
            )
            let rest = try await store.transitions(ofSession: "a")
            #expect(rest.transitions.map(\.to) == [.warmingUp] && rest.unreadable.count == 1)
        }
    }

    /// A message to a sink of a newer version waits like any other, and counts.
    @Test(arguments: StoreKind.available)
    func anUnknownSinkCounts(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            var message = Fixture.message("1", key: "k")
            message.sink = OutboxSink(rawValue: "carrier-pigeon")
            try await store.commit(Fixture.change { $0.messages = [message, Fixture.message("2", key: "k")] })
            let depths = try await store.outboxDepths()
            #expect(Set(depths.map(\.sink.rawValue)) == ["carrier-pigeon", "verdicts"])
        }
    }

    @Test(arguments: StoreKind.available)
    func aMessageComesBackToTheByte(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            var message = Fixture.message("1", key: "k")
            message.content = OutboxContent(
                headers: [.init(name: "ce_id", value: "ä\"1"), .init(name: "ce_type", value: "t")],
                body: [0, 255, 10]
            )
            try await store.commit(Fixture.change { $0.messages = [message, Fixture.message("2", key: "k")] })
            let lease = try await store.claimShards(
                ShardClaim(sink: .verdicts, owner: "o", wanted: 4, now: now, until: now + .seconds(30))
            ).first { $0.shard == message.shard }
            let due = try await store.dueMessages(of: try #require(lease), at: self.due, limit: 10)
            #expect(due.map(\.content) == [message.content, nil])
            #expect(due.last?.payload == Array("2".utf8))
            let fed = try await store.messages(of: .verdicts, after: OutboxCursor(), limit: 10, maximumBytes: .max)
            #expect(fed.map(\.content) == [message.content, nil])
            #expect(fed.last?.payload == Array("2".utf8))
        }
    }
}

extension StoreKind {
    /// Bytes that are no value, as SQL.
    var noBytes: String { self == .sqlite ? "x'00'" : #"'\x00'::bytea"# }

    func run(_ sql: String, in store: any Store) async throws {
        switch store {
        case let store as SQLiteStore: try await store.pool.write { try $0.execute(sql: sql) }
        case let store as PostgresStore:
            try await store.pool.withConnection { try await $0.run(script: sql) }
        default: break
        }
    }

    /// Makes a session one that this version cannot work on.
    func spoil(_ id: String, _ reason: SetAsideReason, in store: any Store) async throws {
        (store as? MemoryStore)?.spoil(session: id, reason, detail: "spoiled")
        switch reason {
        case .unreadable: try await run("UPDATE sessions SET state = \(noBytes) WHERE id = '\(id)'", in: store)
        case .newerForm:
            let state = #"{"form":99}"#
            let bytes = self == .sqlite ? "CAST('\(state)' AS BLOB)" : "convert_to('\(state)', 'UTF8')"
            try await run("UPDATE sessions SET form = 99, state = \(bytes) WHERE id = '\(id)'", in: store)
        case .unknownJudge: try await run("UPDATE sessions SET judge = 'oracle' WHERE id = '\(id)'", in: store)
        case .unreadableEvent: break
        }
    }

    func spoilEvent(_ id: String, in store: any Store) async throws {
        (store as? MemoryStore)?.spoil(event: EventIdentity(source: "/ci", id: id), detail: "spoiled")
        try await run("UPDATE inbox SET event = \(noBytes) WHERE event_id = '\(id)'", in: store)
    }
}
