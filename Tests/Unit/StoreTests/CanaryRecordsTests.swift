import Analysis
import PostgresTestServer
import Store
import Testing

/// Both stores keep what Kayenta's API needs, alike.
@Suite struct CanaryRecordsTests {
    private let now = Timestamp(milliseconds: 1_796_022_000_000)

    private func withRecords(_ kind: StoreKind, _ body: (any CanaryRecords) async throws -> Void) async throws {
        try await kind.withStore { store in
            // The store of simulations has no Kayenta API.
            guard let records = store as? any CanaryRecords else { return }
            try await body(records)
        }
    }

    private func execution(_ id: String, at seconds: Int = 0, status: String = "not_started") -> StoredCanary {
        StoredCanary(
            id: id,
            kind: .canary,
            application: "a",
            status: status,
            builtAt: now + .seconds(seconds),
            wakeAt: now + .seconds(seconds),
            state: [1, 2, 255]
        )
    }

    private func claim(_ owner: String, at seconds: Int = 0) -> LeaseClaim {
        LeaseClaim(owner: owner, now: now + .seconds(seconds), until: now + .seconds(seconds + 30))
    }

    @Test(arguments: StoreKind.available) func documents(kind: StoreKind) async throws {
        try await withRecords(kind) { records in
            func document(_ id: String, _ body: [UInt8], at seconds: Int = 0) -> CanaryDocument {
                CanaryDocument(
                    .config,
                    .init(id: id, changedAt: now + .seconds(seconds), summary: [7]),
                    body: body
                )
            }
            var answers: [Bool] = []
            for id in ["b", "a", "c", "a"] {
                answers.append(try await records.put(document(id, [1]), if: .absent(most: 2)))
            }
            #expect(answers == [true, true, false, false])
            let heads = try await records.canaryDocumentHeads(.config, limit: 10)
            #expect(heads.map(\.id) == ["a", "b"] && heads.allSatisfy { $0.summary == [7] && $0.changedAt == now })
            let changed = try await records.put(document("a", [9], at: 60), if: .present)
            let missing = try await records.put(document("x", [9]), if: .present)
            #expect(changed && !missing)
            let read = try await records.canaryDocument(.config, id: "a")
            #expect(read == document("a", [9], at: 60))
            let other = try await records.canaryDocument(.pairList, id: "a")
            #expect(other == nil)
            let (deleted, twice) = (
                try await records.deleteCanaryDocument(.config, id: "a"),
                try await records.deleteCanaryDocument(.config, id: "a")
            )
            #expect(deleted && !twice)
        }
    }

    @Test(arguments: StoreKind.available) func executions(kind: StoreKind) async throws {
        try await withRecords(kind) { records in
            var added: [Bool] = []
            for (index, id) in ["a", "b", "c"].enumerated() {
                added.append(try await records.add(execution(id, at: index * 60), most: 2))
            }
            #expect(added == [true, true, false])
            let early = try await records.claimDueCanaries(claim("one"), limit: 10)
            #expect(early.map(\.id) == ["a"] && early.map(\.version) == [2] && early.map(\.claims) == [1])
            #expect(early.map(\.state) == [[1, 2, 255]])
            // Held by one replica, it is not claimed by another.
            let other = try await records.claimDueCanaries(claim("two", at: 10), limit: 10)
            #expect(other.isEmpty)
            let wake = try await records.nextCanaryWake()
            #expect(wake == now + .seconds(30))
            let kept = try await records.renewCanaries(["a": 2, "b": 7], until: now + .seconds(90))
            #expect(kept == ["a"])
            // The replica writes, and keeps it.
            var held = early[0]
            (held.status, held.state) = ("running", [3])
            try await records.commit(CanaryChange(written: [held], keepsLeases: true))
            await #expect(throws: StoreError.self) { try await records.commit(CanaryChange(written: [held])) }
            held.version += 1
            let late = try await records.claimDueCanaries(claim("two", at: 60), limit: 10)
            #expect(late.map(\.id) == ["b"])
            // An end, with what comes with it.
            (held.status, held.wakeAt) = ("succeeded", nil)
            let pairs = CanaryDocument(.pairList, .init(id: "p", changedAt: now), body: [4])
            let change = CanaryChange(written: [held], added: [execution("d", at: 600)], documents: [pairs])
            try await records.commit(change)
            let ended = try await records.canary(id: "a")
            #expect(ended?.status == "succeeded" && ended?.wakeAt == nil && ended?.claims == 0 && ended?.version == 4)
            let list = try await records.canaryDocument(.pairList, id: "p")
            #expect(list == pairs)
            // Nothing of a change that is in conflict is done.
            await #expect(throws: StoreError.self) {
                try await records.commit(CanaryChange(written: [held], added: [execution("e")]))
            }
            let none = try await records.canary(id: "e")
            #expect(none == nil)
            try await records.releaseCanaries(owner: "two")
            let again = try await records.claimDueCanaries(claim("three", at: 61), limit: 10)
            #expect(again.map(\.id) == ["b"] && again.map(\.claims) == [2])
        }
    }

    @Test(arguments: StoreKind.available) func pages(kind: StoreKind) async throws {
        try await withRecords(kind) { records in
            for index in 0..<5 {
                let status = index == 2 ? "terminal" : "succeeded"
                _ = try await records.add(execution("\(index)", at: index, status: status), most: 100)
            }
            func page(_ statuses: [String]?, limit: Int, offset: Int = 0) async throws -> [String] {
                let query = CanaryQueryPage(
                    kind: .canary,
                    application: "a",
                    statuses: statuses,
                    limit: limit,
                    offset: offset
                )
                return try await records.canaries(query).map(\.id)
            }
            let pages = [
                try await page(nil, limit: 3), try await page(nil, limit: 3, offset: 3),
                try await page(["terminal", "running"], limit: 3), try await page([], limit: 3),
            ]
            #expect(pages == [["4", "3", "2"], ["1", "0"], ["2"], []])
        }
    }

    @Test(arguments: StoreKind.available) func whatIsOldIsDeleted(kind: StoreKind) async throws {
        try await withRecords(kind) { records in
            for id in ["a", "b"] { _ = try await records.add(execution(id), most: 100) }
            var ended = try #require(try await records.canary(id: "a"))
            ended.wakeAt = nil
            let documents = [CanaryDocument.Kind.pairList, .setList, .config].map {
                CanaryDocument($0, .init(id: "d", changedAt: now), body: [])
            }
            try await records.commit(CanaryChange(written: [ended], documents: documents))
            let later = now + .seconds(1)
            let early = try await records.deleteExpiredCanaries(before: now, samples: now, limit: 10)
            let samples = try await records.deleteExpiredCanaries(before: now, samples: later, limit: 10)
            let late = try await records.deleteExpiredCanaries(before: later, samples: later, limit: 10)
            #expect(early == 0 && samples == 2 && late == 1)
            // What is not finished, and configs, stay.
            let unfinished = try await records.canary(id: "b")
            let config = try await records.canaryDocument(.config, id: "d")
            #expect(unfinished != nil && config != nil)
        }
    }
}
