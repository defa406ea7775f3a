import Analysis
import Store
import Testing

extension StoreConformanceTests {
    /// They belong to the decision that they were made with, and only for as long as another follows.
    @Test func statesComeBackUntilTheSessionEnds() async throws {
        try await withStore { store in
            for id in ["a", "b"] { try await open(session(id), in: store) }
            #expect(try await store.states(ofSession: "a") == [])
            var claimed = try await store.claimDueSessions(claim("one", at: now + .seconds(60)), limit: 10)
            let states = [
                StoredMetricState(session: "a", metric: 0, bytes: [0, 1, 255]),
                StoredMetricState(session: "a", metric: 7, bytes: []),
                StoredMetricState(session: "b", metric: 0, bytes: [9]),
            ]
            var change = StoreChange()
            change.written = claimed
            change.states = states
            try await store.commit(change)
            #expect(try await store.states(ofSession: "a") == Array(states.prefix(2)))
            // The change of a replica that has lost the session writes none.
            change.states[0].bytes = [7]
            await #expect(throws: StoreError.self) { try await store.commit(change) }
            #expect(try await store.states(ofSession: "a") == Array(states.prefix(2)))
            claimed = try await store.claimDueSessions(claim("two", at: now + .seconds(120)), limit: 10)
            change.written = claimed
            change.states = [StoredMetricState(session: "a", metric: 0, bytes: [7, 7])]
            try await store.commit(change)
            #expect(try await store.states(ofSession: "a").map(\.bytes) == [[7, 7], []])
            claimed = try await store.claimDueSessions(claim("two", at: now + .seconds(180)), limit: 10)
            for index in claimed.indices where claimed[index].session.id == "a" {
                _ = claimed[index].session.handle(.cancelled(reason: "enough"), at: now + .seconds(180))
            }
            change.written = claimed
            change.states = []
            try await store.commit(change)
            #expect(try await store.states(ofSession: "a") == [])
            #expect(try await store.states(ofSession: "b").map(\.bytes) == [[9]])
        }
    }
}
