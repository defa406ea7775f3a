import Analysis
import Store
import Testing

extension StoreConformanceTests {
    private func noise(_ metric: String, at seconds: Int, _ bytes: [UInt8] = [1], application: String = "a")
        -> StoredNoise
    {
        StoredNoise(
            key: NoiseKey(application: application, environment: "e", metric: metric, digest: "d"),
            learnedAt: now + .seconds(seconds),
            bytes: bytes
        )
    }

    private func keep(_ noise: [StoredNoise], in store: any Store) async throws {
        var change = StoreChange()
        change.noise = noise
        try await store.commit(change)
    }

    @Test func noiseIsKeptByItsKey() async throws {
        try await withStore { store in
            let first = [noise("m", at: 0, [0, 1, 255]), noise("n", at: 0)]
            #expect(try await store.noise(of: first.map(\.key)) == [])
            try await keep(first, in: store)
            let other = NoiseKey(application: "a", environment: "e", metric: "m", digest: "another")
            #expect(try await store.noise(of: [first[0].key, other]) == [first[0]])
            #expect(try await store.noise(of: []) == [])
            // Newer takes the place of older, and never the other way round.
            let newer = noise("m", at: 60, [7])
            try await keep([newer], in: store)
            try await keep([noise("m", at: 30, [8])], in: store)
            #expect(
                try await store.noise(of: first.map(\.key)).sorted { $0.key.metric < $1.key.metric } == [
                    newer, first[1],
                ]
            )
            // Twice in one change: the newer one.
            try await keep([noise("o", at: 1, [1]), noise("o", at: 2, [2])], in: store)
            #expect(try await store.noise(of: [noise("o", at: 0).key]).map(\.bytes) == [[2]])
        }
    }

    @Test func noiseIsBounded() async throws {
        try await withStore { store in
            let many = (0..<StoredNoise.mostOfRelease + 20).map { noise("m\($0)", at: $0) }
            let other = noise("m", at: -1000, application: "b")
            try await keep([other], in: store)
            for start in stride(from: 0, to: many.count, by: 50) {
                try await keep(Array(many[start..<min(start + 50, many.count)]), in: store)
            }
            let kept = try await store.noise(of: many.map(\.key))
            #expect(Set(kept.map(\.key)) == Set(many.suffix(StoredNoise.mostOfRelease).map(\.key)))
            #expect(try await store.noise(of: [other.key]) == [other])
            let cutoffs = RetentionCutoffs([.noise: now + .seconds(100)])
            #expect(try await store.deleteExpired(cutoffs, limit: 10)[.noise] == 10)
            #expect(try await store.deleteExpired(cutoffs, limit: 1000)[.noise] == 71)
            #expect(try await store.noise(of: many.map(\.key)).count == StoredNoise.mostOfRelease - 80)
        }
    }

    @Test func noiseOfALostSessionIsNotKept() async throws {
        try await withStore { store in
            try await open(session("a"), in: store)
            let claimed = try await store.claimDueSessions(claim("one", at: now + .seconds(60)), limit: 10)
            var change = StoreChange()
            change.written = claimed
            try await store.commit(change)
            change.noise = [noise("m", at: 0)]
            await #expect(throws: StoreError.self) { try await store.commit(change) }
            #expect(try await store.noise(of: [noise("m", at: 0).key]) == [])
        }
    }
}
