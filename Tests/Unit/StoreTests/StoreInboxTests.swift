import Analysis
import Foundation
import Store
import Testing

/// What the inbox takes, and what it keeps. Each case runs against each kind of store.
@Suite struct StoreInboxTests {
    private func withStore(_ body: (any Store) async throws -> Void) async throws {
        for kind in StoreKind.available {
            do { try await kind.withStore(body) } catch { Issue.record(error, "\(kind)") }
        }
    }

    private func received(_ id: String, _ edit: (inout DeployEvent) -> Void = { _ in }) -> ReceivedEvent {
        var event = Fixture.event(id)
        edit(&event)
        return ReceivedEvent(event: event, receivedAt: Fixture.now)
    }

    private func fields(_ outcomes: [InboxOutcome]) -> [[String]?] {
        outcomes.map { outcome in
            guard case .conflict(let conflict) = outcome else { return nil }
            return conflict.fields
        }
    }

    @Test func anIdStandsForOneEvent() async throws {
        try await self.withStore { store in
            #expect(try await store.receive([received("1")]) == [.accepted])
            let outcomes = try await store.receive([
                received("1"), received("1") { $0.time = Fixture.now }, received("1") { $0.environment = "staging" },
                received("2"), received("2") { $0.version = "9" }, received("2"),
                received("1") { $0.cluster = "eu" },
            ])
            #expect(fields(outcomes) == [nil, nil, ["environment"], nil, ["version"], nil, ["cluster"]])
            #expect(
                [outcomes[0], outcomes[1], outcomes[3], outcomes[5]] == [.duplicate, .duplicate, .accepted, .duplicate]
            )
            // What was refused is not there.
            #expect(
                try await store.unansweredEvents(limit: 10).map(\.event) == [Fixture.event("1"), Fixture.event("2")]
            )
        }
    }

    @Test func theSessionOfAnEventRemembersItsId() async throws {
        try await self.withStore { store in
            let identity = Fixture.event("1").identity
            let session = Fixture.session(SessionID.make(for: identity))
            var opened = AnalysisSession(
                id: session.id,
                event: Fixture.event("1"),
                plan: session.plan,
                receivedAt: Fixture.now
            )
            _ = opened.handle(.updated(Fixture.event("2")), at: Fixture.now)
            let change = Fixture.change { $0.opened = [opened] }
            try await store.commit(change)
            let outcomes = try await store.receive([
                received("1"), received("1") { $0.environment = "staging" }, received("3"),
            ])
            #expect(outcomes[0] == .duplicate)
            #expect(fields(outcomes)[1] == ["environment"])
            #expect(outcomes[2] == .accepted)
            #expect(try await store.unansweredEvents(limit: 10).map(\.event.identity.id) == ["3"])
        }
    }

    @Test func theOriginalIsKeptByteForByte() async throws {
        try await self.withStore { store in
            let originals = [
                OriginalEvent(
                    door: "kafka",
                    format: "cloudevents/binary",
                    headers: [.init(name: "ce_id", value: [0, 255, 34]), .init(name: "ce_none", value: nil)],
                    body: nil
                ), OriginalEvent(door: "http", format: "cloudevents/structured", headers: [], body: [0, 1, 200, 10]),
            ]
            for (number, original) in originals.enumerated() {
                var event = received("\(number)")
                event.original = original
                _ = try await store.receive([event])
                #expect(try await store.originalEvent(event.event.identity) == original)
            }
            _ = try await store.receive([received("bare")])
            #expect(try await store.originalEvent(Fixture.event("bare").identity) == nil)
            #expect(try await store.originalEvent(Fixture.event("unknown").identity) == nil)
            let cutoffs = RetentionCutoffs([.events: Fixture.now + .seconds(1)])
            _ = try await store.answerEvents(limit: 10, Fixture.noted)
            _ = try await store.deleteExpired(cutoffs, limit: 10)
            #expect(try await store.originalEvent(Fixture.event("1").identity) == nil)
        }
    }

    @Test func aPlanThatCameWithAnEventIsThereWhenItIsAnswered() async throws {
        try await self.withStore { store in
            var event = received("1")
            event.plan = Fixture.session("any").plan
            _ = try await store.receive([event, received("2")])
            let answered = try await store.answerEvents(limit: 10, Fixture.noted)
            #expect(answered.map(\.event.plan) == [event.plan, nil])
        }
    }

    /// An answer whose messages cannot be written undoes those before it in its transaction too.
    @Test func anAnswerThatCannotBeWrittenUndoesItsTransaction() async throws {
        try await self.withStore { store in
            _ = try await store.receive([received("1"), received("2") { $0.version = "3.0" }])
            let answer: @Sendable (InboxEvent, ReleaseRecord) -> StoreChange = { event, record in
                Fixture.change { change in
                    change.answer = .init(outcome: "opened", at: Fixture.now, history: record.history)
                    change.opened = [Fixture.session(event.event.identity.id)]
                    change.messages = [Fixture.message(event.event.identity.id, key: "k")]
                }
            }
            let error = await #expect(throws: StoreError.self) {
                _ = try await store.answerEvents(limit: 10) { (event, record) throws(StoreError) in
                    guard event.event.version == "3.0" else { return answer(event, record) }
                    #expect(record.unfinished.count == 1)
                    throw StoreError(.corrupt, "the verdict cannot be written")
                }
            }
            #expect(error == StoreError(.corrupt, "the verdict cannot be written"))
            #expect(try await store.sessions(SessionQuery()).isEmpty)
            #expect(try await store.outboxDepths().isEmpty)
            #expect(try await store.waitingEvents().count == 2)
            #expect(try await store.setAside().rows.isEmpty)
            // Nothing is lost: both are answered once that can be done.
            let answered = try await store.answerEvents(limit: 10) { event, record in answer(event, record) }
            #expect(answered.map(\.event.event.identity.id) == ["1", "2"])
            #expect(try await store.sessions(SessionQuery()).count == 2)
            #expect(try await store.outboxDepths().map(\.count) == [2])
        }
    }

    @Test func whatWaitsCanBeLookedAt() async throws {
        try await self.withStore { store in
            _ = try await store.receive(["1", "2", "3"].map { received($0) })
            #expect(try await store.unansweredEvents(limit: 2).map(\.event.identity.id) == ["1", "2"])
            _ = try await store.answerEvents(limit: 1, Fixture.noted)
            #expect(try await store.unansweredEvents(limit: 9).map(\.event.identity.id) == ["2", "3"])
        }
    }

    @Test func whatBecameOfAnEventIsKnown() async throws {
        try await self.withStore { store in
            let event = Fixture.event("1")
            #expect(try await store.knownEvent(event.identity) == nil)
            _ = try await store.receive([Fixture.received("1")])
            #expect(try await store.knownEvent(event.identity) == KnownEvent(event: event, outcome: nil))
            _ = try await store.answerEvents(limit: 10, Fixture.noted)
            let known = try #require(try await store.knownEvent(event.identity))
            #expect(known.event == event && known.outcome != nil)
        }
    }
}
