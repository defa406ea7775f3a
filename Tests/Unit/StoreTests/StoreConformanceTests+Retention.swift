import Analysis
import Foundation
import Store
import Testing

extension StoreConformanceTests {
    @Test func whatHasExpiredIsDeletedLittleByLittleAndTheRestIsKept() async throws {
        try await withStore { store in
            var change = StoreChange()
            for number in 0..<5 {
                var finished = session("f\(number)")
                let actions = finished.handle(.cancelled(reason: "x"), at: now)
                change.opened.append(finished)
                for case .publish(let verdict) in actions { change.verdicts.append(verdict) }
            }
            change.opened.append(session("running"))
            change.messages = ["1", "2"].map {
                OutboxMessage(sink: .webhook, id: $0, key: "k", payload: [1], createdAt: now)
            }
            try await store.commit(change)
            _ = try await store.receive([
                ReceivedEvent(event: event("1"), receivedAt: now), ReceivedEvent(event: event("2"), receivedAt: now),
            ])
            _ = try await store.answerEvents(limit: 1, noted)
            let held = try await store.claimShards(shards("one", OutboxShard.count, at: now))
            let lease = try #require(held.first { $0.shard == OutboxShard.of(key: "k") })
            let first = try #require(try await store.dueMessages(of: lease, at: now, limit: 1).first)
            try await store.settle(
                [OutboxSettlement(sequence: first.sequence, outcome: .delivered(reference: nil), at: now)],
                under: lease
            )
            let early = RetentionCutoffs([.sessions: now, .events: now, .messages: now, .samples: now])
            #expect(try await store.deleteExpired(early, limit: 3).values.allSatisfy { $0 == 0 })
            let later = now + .seconds(1)
            let cutoffs = RetentionCutoffs([.sessions: later, .events: later, .messages: later, .samples: later])
            let deleted = try await store.deleteExpired(cutoffs, limit: 3)
            #expect(deleted[.sessions] == 3 && deleted[.events] == 1 && deleted[.messages] == 1)
            #expect(try await store.deleteExpired(cutoffs, limit: 3)[.sessions] == 2)
            #expect(try await store.sessions(SessionQuery()).map(\.id) == ["running"])
            #expect(try await store.verdicts(ofSession: "f0").isEmpty)
            #expect(try await store.waitingEvents().count == 1)
            #expect(try await store.outboxDepths().map(\.count) == [1])
        }
    }
}
