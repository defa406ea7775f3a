import Analysis
import Foundation
import Testing

@testable import Store

/// Changes that wait while another caller has the writer are written together, and each has an outcome of its own.
@Suite struct CommitQueueTests {
    private let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

    private func withStore(maximumPages: Int? = nil, _ body: (SQLiteStore) async throws -> Void) async throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = directory.appending(path: "store.db").path
        let store = try SQLiteStore(path: path, maximumPages: maximumPages)
        do { try await body(store) } catch {
            await store.close()
            throw error
        }
        await store.close()
    }

    private func opening(_ id: String) -> StoreChange {
        var change = StoreChange()
        change.opened = [Fixture.session(id, application: id)]
        return change
    }

    private func writing(_ id: String, version: Int64) -> StoreChange {
        var change = StoreChange()
        change.written = [StoredSession(session: Fixture.session(id, application: id), version: version)]
        change.opened = [Fixture.session("\(id)-next", application: id)]
        return change
    }

    @Test func whoeverHasTheWriterWritesForAllThatWait() async throws {
        try await withStore { store in
            let (first, second) = (CommitRequest(opening("a")), CommitRequest(opening("b")))
            store.commits.add(first)
            store.commits.add(second)
            try await store.commit(opening("c"))
            #expect(first.outcome == .success([:]))
            #expect(second.outcome == .success([:]))
            #expect(try await store.unfinishedSessionCounts() == [.warmingUp: 3])
        }
    }

    @Test func aConflictUndoesItsOwnChangeAlone() async throws {
        try await withStore { store in
            for id in ["a", "b", "c"] { try await store.commit(opening(id)) }
            let (right, stale) = (CommitRequest(writing("a", version: 1)), CommitRequest(writing("b", version: 7)))
            store.commits.add(right)
            store.commits.add(stale)
            #expect(try await store.commit(writing("c", version: 1)) == ["c": 2])
            #expect(right.outcome == .success(["a": 2]))
            #expect(throws: StoreError(.conflict, "session b has been taken over")) { try stale.outcome?.get() }
            #expect(try await store.session(id: "b-next") == nil)
            #expect(try await store.session(id: "a-next") != nil)
        }
    }

    @Test func aChangeThatCannotBeWrittenFailsAlone() async throws {
        try await withStore { store in
            // Samples of a session that is not there.
            var wrong = StoreChange()
            wrong.samples = [
                SampleBlock(
                    session: "nobody",
                    metric: 0,
                    side: .control,
                    first: Timestamp(milliseconds: 1000),
                    step: .seconds(1),
                    values: [1]
                )
            ]
            let (first, second) = (CommitRequest(opening("a")), CommitRequest(wrong))
            store.commits.add(first)
            store.commits.add(second)
            try await store.commit(opening("b"))
            #expect(first.outcome == .success([:]))
            #expect(throws: StoreError.self) { try second.outcome?.get() }
            #expect(try await store.unfinishedSessionCounts() == [.warmingUp: 2])
        }
    }

    @Test func manyAtOnceAreAllWritten() async throws {
        try await withStore { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 { group.addTask { try await store.commit(opening("s\(number)")) } }
                try await group.waitForAll()
            }
            #expect(try await store.unfinishedSessionCounts() == [.warmingUp: 200])
        }
    }

    /// A cancellation reaches a change before, while or after another caller writes it.
    @Test func whoIsCancelledIsToldWhatBecameOfItsChange() async throws {
        try await withStore { store in
            let changes = (0..<200).map { number in
                (id: "s\(number)", task: Task { try await store.commit(opening("s\(number)")) })
            }
            for (number, change) in changes.enumerated() where number % 3 == 0 {
                await Task.yield()
                change.task.cancel()
            }
            for change in changes {
                let outcome = await change.task.result
                let isThere = try await store.session(id: change.id) != nil
                switch outcome {
                case .success: #expect(isThere, "\(change.id)")
                case .failure(let error as StoreError) where error.code == .unknown: break
                case .failure(let error): #expect(!isThere, "\(change.id): \(error)")
                }
            }
        }
    }

    @Test func aFullDiskFailsThoseThatDoNotFit() async throws {
        try await withStore(maximumPages: 80) { store in
            var change = opening("large")
            change.opened += (0..<200).map {
                Fixture.session("l\($0)", application: String(repeating: "x", count: 500))
            }
            let large = CommitRequest(change)
            store.commits.add(large)
            try await store.commit(opening("small"))
            #expect(throws: StoreError.self) { try large.outcome?.get() }
            #expect(try await store.unfinishedSessionCounts() == [.warmingUp: 1])
        }
    }
}
