import Analysis
import Foundation
import Store
import Testing

/// Events of one source wait, because there are many of them or because the source has as many analyses as it may: those of
/// other sources do not wait for them.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct StoreInboxTurnsTests {
    private static func received(_ id: String, of source: String, phase: DeployEvent.Phase = .deployed) -> ReceivedEvent
    {
        var received = Fixture.received(id, application: id)
        received.event.identity.source = source
        received.event.phase = phase
        return received
    }

    /// Opens an analysis for an event that deploys, and ends the analyses that its release has.
    @Sendable private static func opening(_ event: InboxEvent, _ record: ReleaseRecord) -> StoreChange {
        Fixture.change { change in
            change.answer = .init(outcome: "answered", at: Fixture.now, history: record.history)
            for var stored in record.unfinished {
                _ = stored.session.handle(.cancelled(reason: "ended"), at: Fixture.now)
                change.written.append(stored)
            }
            guard event.event.phase == .deployed else { return }
            change.opened = [
                AnalysisSession(
                    id: event.event.identity.id,
                    event: event.event,
                    plan: Fixture.session("s").plan,
                    receivedAt: event.receivedAt
                )
            ]
        }
    }

    private func answer(_ limit: Int, maximum: Int?, in store: any Store) async throws -> [String] {
        try await store.answerEvents(limit: limit, maximumPerSource: maximum, Self.opening)
            .map(\.event.event.identity.id)
    }

    private func end(_ id: String, in store: any Store) async throws {
        var stored = try #require(try await store.session(id: id))
        _ = stored.session.handle(.cancelled(reason: "ended"), at: Fixture.now)
        try await store.commit(Fixture.change { $0.written = [stored] })
    }

    @Test(arguments: StoreKind.available)
    func anEventIsAnsweredBeforeThousandsOfAnotherSource(kind: StoreKind) async throws {
        try await kind.withStore { store in
            _ = try await store.receive((0..<2_000).map { Self.received("f\($0)", of: "/flood") })
            _ = try await store.receive([Self.received("good", of: "/ci")])
            let first = try await answer(50, maximum: nil, in: store)
            #expect(first.count == 50)
            // In the order in which they came.
            #expect(first.dropLast() == (0..<49).map { "f\($0)" }[...])
            #expect(first.last == "good")
        }
    }

    @Test(arguments: StoreKind.available)
    func eventsOfASourceWaitForAPlaceTheOldestFirst(kind: StoreKind) async throws {
        try await kind.withStore { store in
            _ = try await store.receive((0..<5).map { Self.received("f\($0)", of: "/flood") })
            _ = try await store.receive([Self.received("good", of: "/ci")])
            #expect(try await answer(10, maximum: 2, in: store) == ["f0", "f1", "good"])
            #expect(try await store.heldEvents(limit: 10) == ["/flood": 3])
            #expect(try await store.waitingEvents() == Backlog(count: 3, oldest: nil))
            #expect(try await answer(10, maximum: 2, in: store).isEmpty)

            _ = try await store.receive([Self.received("good-2", of: "/ci")])
            #expect(try await answer(10, maximum: 2, in: store) == ["good-2"])
            try await end("f1", in: store)
            #expect(try await answer(10, maximum: 2, in: store) == ["f2"])
            #expect(try await store.heldEvents(limit: 10) == ["/flood": 2])
            for id in ["f0", "f2"] { try await end(id, in: store) }
            #expect(try await answer(10, maximum: 2, in: store) == ["f3", "f4"])
            #expect(try await store.heldEvents(limit: 10).isEmpty)
            #expect(try await store.waitingEvents().count == 0)
        }
    }

    @Test(arguments: StoreKind.available)
    func whatOpensNoneOrEndsAsManyIsAnswered(kind: StoreKind) async throws {
        try await kind.withStore { store in
            _ = try await store.receive(["a", "b", "c"].map { Self.received($0, of: "/flood") })
            #expect(try await answer(10, maximum: 2, in: store) == ["a", "b"])
            // A newer version takes the place of the one that it ends.
            var newer = Self.received("a-2", of: "/flood")
            newer.event.application = "a"
            _ = try await store.receive([newer])
            #expect(try await answer(10, maximum: 2, in: store) == ["a-2"])
            var withdrawn = Self.received("b-end", of: "/flood", phase: .cancelled)
            withdrawn.event.application = "b"
            _ = try await store.receive([withdrawn])
            #expect(try await answer(10, maximum: 2, in: store) == ["b-end"])
            #expect(try await answer(10, maximum: 2, in: store) == ["c"])
        }
    }

    @Test(arguments: StoreKind.available)
    func withoutAMaximumWhatWasHeldIsAnswered(kind: StoreKind) async throws {
        try await kind.withStore { store in
            _ = try await store.receive((0..<6).map { Self.received("f\($0)", of: "/flood") })
            #expect(try await answer(10, maximum: 1, in: store) == ["f0"])
            #expect(try await answer(3, maximum: nil, in: store) == ["f1", "f2", "f3"])
            #expect(try await answer(10, maximum: nil, in: store) == ["f4", "f5"])
        }
    }

    /// Full sources, more of them than are looked at for a claim, keep none behind them waiting.
    @Test(arguments: StoreKind.available)
    func aHeldEventBehindManyFullSourcesIsAnswered(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let sources = (10..<40).map { "/ci/\($0)" } + ["/ci/x", "/ci/y"]
            for source in sources {
                _ = try await store.receive(["first", "held"].map { Self.received("\($0) \(source)", of: source) })
            }
            #expect(try await answer(100, maximum: 1, in: store).count == sources.count)
            #expect(try await store.heldEvents(limit: 100).count == sources.count)
            for source in ["/ci/x", "/ci/y"] { try await end("first \(source)", in: store) }
            var answered: [String] = []
            for _ in 0..<10 { answered += try await answer(4, maximum: 1, in: store) }
            #expect(answered == ["held /ci/x", "held /ci/y"])
            // And again from the beginning.
            try await end("first /ci/10", in: store)
            for _ in 0..<10 { answered += try await answer(4, maximum: 1, in: store) }
            #expect(answered.last == "held /ci/10")
        }
    }

    /// A source with many held events and much room takes not every turn.
    @Test(arguments: StoreKind.available)
    func sourcesWithHeldEventsTakeTurns(kind: StoreKind) async throws {
        try await kind.withStore { store in
            for source in ["/a", "/b"] {
                _ = try await store.receive((0..<10).map { Self.received("\($0)\(source)", of: source) })
            }
            #expect(try await answer(100, maximum: 1, in: store) == ["0/a", "0/b"])
            let first = try await answer(2, maximum: 100, in: store)
            let second = try await answer(2, maximum: 100, in: store)
            #expect(Set(first + second) == ["1/a", "2/a", "1/b", "2/b"])
        }
    }

    /// Many held events cost those of other sources no turn.
    @Test(arguments: StoreKind.available)
    func heldEventsKeepNoOthersWaiting(kind: StoreKind) async throws {
        try await kind.withStore { store in
            _ = try await store.receive((0..<300).map { Self.received("f\($0)", of: "/flood") })
            var answered = 0
            for _ in 0..<40 { answered += try await answer(10, maximum: 5, in: store).count }
            #expect(answered == 5)
            #expect(try await store.heldEvents(limit: 10) == ["/flood": 295])
            _ = try await store.receive((0..<10).map { Self.received("g\($0)", of: "/ci/\($0)") })
            #expect(try await answer(10, maximum: 5, in: store) == (0..<10).map { "g\($0)" })
        }
    }
}
