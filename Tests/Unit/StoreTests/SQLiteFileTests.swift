import Analysis
import Foundation
import Store
import Testing

/// The store's files on the disk: who may read them, and what happens to them under the process.
@Suite struct SQLiteFileTests {
    private let now = Timestamp(rfc3339: "2026-03-01T10:00:00Z")!

    private func withPath<Value>(_ body: (String) async throws -> Value) async throws -> Value {
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        return try await body(directory.appending(path: "store.db").path)
    }

    private func received(_ id: Int) -> ReceivedEvent {
        let event = DeployEvent(
            identity: EventIdentity(source: "/ci", id: "\(id)"),
            application: "shop",
            environment: "production",
            version: "2.0"
        )
        return ReceivedEvent(event: event, receivedAt: now)
    }

    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    private func size(_ path: String) -> Int {
        ((try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int) ?? 0
    }

    @Test func onlyItsUserReadsAndWritesItsFiles() async throws {
        try await withPath { path in
            let store = try SQLiteStore(path: path)
            _ = try await store.receive([received(1)])
            for name in [path, path + "-wal", path + "-shm"] { #expect(try mode(name) == 0o600, "\(name)") }
            await store.close()
        }
    }

    @Test func filesThatOthersCouldReadAreClosedToThem() async throws {
        try await withPath { path in
            let first = try SQLiteStore(path: path)
            _ = try await first.receive([received(1)])
            for name in [path, path + "-wal", path + "-shm"] { chmod(name, 0o664) }
            let second = try SQLiteStore(path: path, takesOver: false)
            for name in [path, path + "-wal", path + "-shm"] { #expect(try mode(name) == 0o600, "\(name)") }
            #expect(try await second.waitingEvents().count == 1)
            await second.close()
            await first.close()
        }
    }

    @Test func aCleanStopLeavesEverythingInTheOneFile() async throws {
        try await withPath { path in
            let store = try SQLiteStore(path: path)
            _ = try await store.receive((0..<50).map(received))
            _ = try await store.waitingEvents()
            await store.close()
            #expect(size(path + "-wal") == 0)
            let copy = path + ".copy"
            try FileManager.default.copyItem(atPath: path, toPath: copy)
            let restored = try SQLiteStore(path: copy)
            #expect(try await restored.waitingEvents().count == 50)
            await restored.close()
        }
    }

    /// What becomes of a file of an open store.
    enum Fate: String, CaseIterable, Sendable {
        case deleted, replaced, logDeleted, directoryMoved

        func happen(to path: String) throws {
            let files = FileManager.default
            switch self {
            case .deleted: try files.removeItem(atPath: path)
            case .replaced:
                try files.copyItem(atPath: path, toPath: path + ".other")
                #expect(rename(path + ".other", path) == 0)
            case .logDeleted: try files.removeItem(atPath: path + "-wal")
            case .directoryMoved:
                let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
                try files.moveItem(atPath: directory, toPath: directory + ".away")
                try files.createDirectory(atPath: directory, withIntermediateDirectories: true)
                try files.removeItem(atPath: directory + ".away")
            }
        }
    }

    @Test(arguments: Fate.allCases)
    func nothingIsTakenInOnceTheFileIsNotTheOneThatWasOpened(_ fate: Fate) async throws {
        try await withPath { path in
            let store = try SQLiteStore(path: path)
            _ = try await store.receive([received(1)])
            try fate.happen(to: path)
            await #expect(throws: StoreError.self) { _ = try await store.receive([received(2)]) }
            do throws(StoreError) {
                try await store.check()
                Issue.record("the check finds nothing wrong")
            } catch {
                #expect(error.code == .replaced)
                #expect(error.message.contains(fate == .replaced ? "was replaced" : "was deleted"), "\(error)")
            }
            await #expect {
                _ = try await store.commit(StoreChange())
            } throws: {
                ($0 as? StoreError)?.code == .replaced
            }
            await #expect(throws: StoreError.self) { _ = try await store.waitingEvents() }
            await store.close()
        }
    }

    @Test func aFileThatIsPutBackIsTheSameAgain() async throws {
        try await withPath { path in
            let store = try SQLiteStore(path: path)
            try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
            await #expect(throws: StoreError.self) { _ = try await store.receive([received(1)]) }
            try FileManager.default.moveItem(atPath: path + ".away", toPath: path)
            #expect(try await store.receive([received(1)]) == [.accepted])
            await store.close()
        }
    }

    @Test(arguments: [true, false])
    func aLogWithoutItsDatabaseIsRefused(isEmpty: Bool) async throws {
        try await withPath { path in
            let store = try SQLiteStore(path: path)
            _ = try await store.receive([received(1)])
            // As after a kill: the log was not emptied.
            let log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
            await store.close()
            try FileManager.default.removeItem(atPath: path)
            if isEmpty { try Data().write(to: URL(fileURLWithPath: path)) }
            try log.write(to: URL(fileURLWithPath: path + "-wal"))
            #expect {
                _ = try SQLiteStore(path: path)
            } throws: {
                ($0 as? StoreError)?.code == .corrupt && "\($0)".contains("missing or empty")
            }
            #expect(size(path + "-wal") == log.count)
        }
    }

    @Test func aLinkLeadsToTheStore() async throws {
        try await withPath { path in
            let link = path + ".link"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
            let store = try SQLiteStore(path: link)
            #expect(try await store.receive([received(1)]) == [.accepted])
            #expect(try mode(path) == 0o600)
            try FileManager.default.removeItem(atPath: link)
            await #expect(throws: StoreError.self) { _ = try await store.receive([received(2)]) }
            await store.close()
        }
    }
}
