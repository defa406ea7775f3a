import Analysis
import Testing

@testable import Store

/// Changes that rest on what is known about a release.
@Suite struct StoreExpectationTests {
    private func answer(_ id: String, version: String, phase: DeployEvent.Phase, _ store: any Store) async throws {
        var event = Fixture.event(id)
        event.version = version
        event.phase = phase
        _ = try await store.receive([ReceivedEvent(event: event, receivedAt: Fixture.now)])
        _ = try await store.answerEvents(limit: 10) { (event, record) throws(StoreError) in
            var history = record.history
            _ = history.apply(event.event, receivedAt: event.receivedAt, analysed: [])
            return Fixture.change { $0.answer = .init(outcome: "noted", at: Fixture.now, history: history) }
        }
    }

    @Test(
        "What became known in between makes the change a conflict, and nothing of it is written",
        arguments: StoreKind.available
    )
    func conflicts(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await answer("a", version: "1.0", phase: .deployed, store)
            let release = Fixture.event("a").release
            func change(_ id: String) async throws -> StoreChange {
                let history = try await store.history(of: release)
                return Fixture.change {
                    $0.opened = [Fixture.session(id)]
                    $0.expectation = StoreChange.Expectation(release: release, history: history)
                }
            }
            let good = try await change("s1")
            _ = try await store.commit(good)
            for (id, step) in ["opened", "withdrawn", "reset"].enumerated() {
                let stale = try await change("late-\(step)")
                switch step {
                case "opened": try await answer("b\(id)", version: "2.0", phase: .deployed, store)
                case "withdrawn": try await answer("b\(id)", version: "2.0", phase: .cancelled, store)
                default:
                    _ = try await store.resetReleases(
                        ReleaseReset(
                            application: release.application,
                            environment: nil,
                            at: Fixture.now,
                            by: "token",
                            reason: ""
                        )
                    )
                }
                let error = await #expect(throws: StoreError.self, "\(step)") { try await store.commit(stale) }
                #expect(error?.code == .conflict, "\(step)")
                let written = try await store.session(id: "late-\(step)")
                #expect(written == nil, "\(step)")
            }
            let last = try await change("s2")
            _ = try await store.commit(last)
            let (first, second) = (try await store.session(id: "s1"), try await store.session(id: "s2"))
            #expect(first != nil && second != nil)
        }
    }
}
