import Analysis
import Foundation
import GRDB
import Store
import Testing

@Suite struct SQLiteStoreTests {
    private let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    private var path: String { directory.appending(path: "deep/store.db").path }
    private let now = Timestamp(rfc3339: "2026-03-01T10:00:00Z")!

    private func received(_ id: Int, padding: Int = 0) -> ReceivedEvent {
        ReceivedEvent(
            event: DeployEvent(
                identity: EventIdentity(source: "/ci", id: "\(id)"),
                application: "shop",
                environment: "production",
                version: "2.0",
                inlinePlan: String(repeating: "x", count: padding)
            ),
            receivedAt: now
        )
    }

    @Test func whatWasTakenInIsThereAfterReopening() async throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let first = try SQLiteStore(path: path)
        _ = try await first.receive([received(1)])
        await first.close()
        let second = try SQLiteStore(path: path)
        #expect(try await second.waitingEvents().count == 1)
        #expect(try await second.receive([received(1)]) == [.duplicate])
        await second.close()
    }

    @Test func aFullDiskIsSaidAndNothingIsLost() async throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let store = try SQLiteStore(path: path, maximumPages: 120)
        var accepted = 0
        var failure: StoreError?
        while failure == nil, accepted < 1000 {
            do throws(StoreError) {
                _ = try await store.receive([received(accepted, padding: 20_000)])
                accepted += 1
            } catch { failure = error }
        }
        #expect(failure?.code == .full)
        #expect(try await store.waitingEvents().count == accepted)
        await store.close()
        let roomier = try SQLiteStore(path: path)
        #expect(try await roomier.receive([received(accepted, padding: 20_000)]) == [.accepted])
        #expect(try await roomier.waitingEvents().count == accepted + 1)
        await roomier.close()
    }

    /// Builds before the release kept actions without saying whose they were.
    @Test func actionsThatAreKeptGetTheirSource() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = directory.appending(path: "store.db").path
        var store = try SQLiteStore(path: path)
        try await store.commit(Fixture.change { $0.opened = [Fixture.session("s1")] })
        await store.close()
        let event = #"{"source":"/assay/rollout/g","data":{"outcome":"done"}}"#
        let file = try DatabaseQueue(path: path)
        try await file.write { database in
            try database.execute(
                sql: """
                    DROP TABLE rollout_actions;
                    DROP TABLE dropped_actions;
                    CREATE TABLE rollout_actions (
                        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                        session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
                        id TEXT NOT NULL,
                        at INTEGER NOT NULL,
                        event BLOB NOT NULL,
                        UNIQUE (id, at)
                    );
                    """
            )
            try database.execute(
                sql:
                    "INSERT INTO rollout_actions (session, id, at, event) VALUES ('s1', 'a', 1, ?), ('s1', 'b', 2, x'00')",
                arguments: [Data(event.utf8)]
            )
        }
        try file.close()
        store = try SQLiteStore(path: path)
        let kept = try await store.actions(ofSession: "s1").actions
        #expect(kept.map(\.source) == ["/assay/rollout/g", ""] && kept.map(\.outcome) == ["done", ""])
        var other = try #require(kept.first)
        #expect(try await store.add(other) == .duplicate)
        other.source = "/assay/rollout/other"
        #expect(try await store.add(other) == .stored)
        await store.close()
    }

    @Test func aFileThatIsNoStoreIsRefused() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try FileManager.default.createDirectory(
            at: URL(fileURLWithPath: path).deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(repeating: 65, count: 10_000).write(to: URL(fileURLWithPath: path))
        #expect(throws: StoreError.self) { try SQLiteStore(path: path) }
    }
}
