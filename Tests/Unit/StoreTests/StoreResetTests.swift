import Analysis
import Testing

@testable import Store

/// What an operator has the store forget about releases.
@Suite struct StoreResetTests {
    private func answer(_ ids: [(id: String, application: String, environment: String)], _ store: any Store)
        async throws -> [ReleaseHistory]
    {
        let seen = Seen()
        _ = try await store.receive(
            ids.map { id, application, environment in
                var event = Fixture.event(id, application: application)
                event.environment = environment
                return ReceivedEvent(event: event, receivedAt: Fixture.now)
            }
        )
        _ = try await store.answerEvents(limit: 10) { (event, record) throws(StoreError) in
            seen.add(record.history)
            var history = record.history
            _ = history.apply(event.event, receivedAt: event.receivedAt, analysed: [])
            return Fixture.change { $0.answer = .init(outcome: "noted", at: Fixture.now, history: history) }
        }
        return seen.all
    }

    @Test(arguments: StoreKind.available) func onlyWhatIsMeantIsForgotten(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let places = [("shop", "production"), ("shop", "staging"), ("till", "production")]
            _ = try await answer(places.enumerated().map { ("a\($0)", $1.0, $1.1) }, store)
            let one = ReleaseReset(
                application: "shop",
                environment: "staging",
                at: Fixture.now,
                by: "token",
                reason: "the clock was wrong"
            )
            #expect(try await store.resetReleases(one) == 1)
            let after = try await answer(places.enumerated().map { ("b\($0)", $1.0, $1.1) }, store)
            #expect(after.map { $0.own.newest != nil } == [true, false, true])
            // As it is read without an event.
            let known = try await store.history(of: Fixture.event("x").release)
            #expect(known.own.newest?.version == "2.0" && known.shared.all.newest?.version == "2.0")
            let unnamed = ReleaseIdentity(application: "shop", environment: "nowhere")
            #expect(try await store.history(of: unnamed) == ReleaseHistory())
            #expect(after.map { $0.shared.all.newest != nil } == [true, false, true])

            let all = ReleaseReset(
                application: "shop",
                environment: nil,
                at: Fixture.now + .seconds(1),
                by: "no token",
                reason: ""
            )
            #expect(try await store.resetReleases(all) == 2)
            let last = try await answer(places.enumerated().map { ("c\($0)", $1.0, $1.1) }, store)
            #expect(last.map { $0.own.newest != nil } == [false, false, true])
            // Nothing is known: that is asked for and kept too.
            let unknown = ReleaseReset(application: "x", environment: nil, at: Fixture.now, by: "token", reason: "")
            #expect(try await store.resetReleases(unknown) == 0)
            let kept = try await store.releaseResets(newest: 2)
            #expect(kept.map(\.application) == ["x", "shop"])
            #expect(kept.map(\.sequence).sorted(by: >) == kept.map(\.sequence))
            var first = try #require(try await store.releaseResets(newest: 10).last)
            first.sequence = 0
            #expect(first == one)
        }
    }
}

/// What answers were given.
private final class Seen: @unchecked Sendable {
    // Written by one transaction after the other.
    private(set) var all: [ReleaseHistory] = []

    func add(_ history: ReleaseHistory) { all.append(history) }
}
