import Analysis
import Foundation
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
        let store = try SQLiteStore(path: path, maximumPages: 60)
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
