import Analysis
import Foundation
import GRDB
import Store
import StoredFormats
import Testing

/// Which sessions and which past an event is answered with. Each case runs against each kind of store.
@Suite struct StoreReleaseTests {
    private func withStore(_ body: (any Store) async throws -> Void) async throws {
        for kind in StoreKind.available {
            do { try await kind.withStore(body) } catch { Issue.record(error, "\(kind)") }
        }
    }

    private func event(_ id: String, in cluster: String?, _ namespace: String? = nil) -> DeployEvent {
        var event = Fixture.event(id)
        event.cluster = cluster
        event.namespace = namespace
        return event
    }

    private func session(_ event: DeployEvent) -> AnalysisSession {
        AnalysisSession(
            id: event.identity.id,
            event: event,
            plan: Fixture.session("any").plan,
            receivedAt: Fixture.now
        )
    }

    @Test func theRecordIsThatOfTheIdentityWithTheSessionsOfAll() async throws {
        try await self.withStore { store in
            let events = [event("1", in: "eu"), event("2", in: "us"), event("3", in: "eu")]
            _ = try await store.receive(events.map { ReceivedEvent(event: $0, receivedAt: Fixture.now) })
            var answered: [AnsweredEvent] = []
            // The last one in a batch of its own.
            for limit in [2, 2] {
                answered += try await store.answerEvents(limit: limit) { inbox, record in
                    var change = StoreChange()
                    var history = record.history
                    _ = history.apply(inbox.event, receivedAt: inbox.receivedAt, analysed: [])
                    change.opened = [session(inbox.event)]
                    let newest = record.history.own.newest == nil ? "new" : "known"
                    let sessions = record.unfinished.map(\.session.id).sorted().joined()
                    change.answer = .init(outcome: "\(newest) \(sessions)", at: Fixture.now, history: history)
                    return change
                }
            }
            #expect(answered.map(\.change.answer?.outcome) == ["new ", "new 1", "known 12"])
        }
    }

    @Test func sessionsAreFoundByWhereTheyAre() async throws {
        try await self.withStore { store in
            let change = Fixture.change {
                $0.opened = [
                    session(event("a", in: "eu")), session(event("b", in: "us")), session(event("c", in: nil)),
                    session(event("d", in: "eu", "web")),
                ]
            }
            try await store.commit(change)
            #expect(try await store.sessions(SessionQuery(cluster: "eu")).map(\.id) == ["a", "d"])
            #expect(try await store.sessions(SessionQuery(cluster: "eu", namespace: "web")).map(\.id) == ["d"])
            #expect(try await store.sessions(SessionQuery(namespace: "other")).isEmpty)
            #expect(try await store.sessions(SessionQuery()).count == 4)
        }
    }

    /// A process of version 0.1.0 must be able to open the file again, and to write sessions as it always did.
    @Test func aFileCanGoBackToTheVersionBefore() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = directory.appending(path: "store.db").path
        let store = try SQLiteStore(path: path)
        await store.close()
        let pool = try DatabasePool(path: path)
        let migrations = try await pool.read { try String.fetchAll($0, sql: "SELECT identifier FROM grdb_migrations") }
        #expect(
            migrations.sorted() == [
                "1 inbox, sessions, samples, verdicts, outbox", "2 releases, shards of the outbox, replicas",
                "3 transitions", "4 due sessions without reading their states",
            ]
        )
        let states = try (0..<5).map { number in
            let session = session(event("\(number)", in: number == 3 ? "us" : "eu"))
            return (session.id, session.openedAt.milliseconds, try SessionForm.write(session))
        }
        try await pool.write { database in
            for (id, openedAt, state) in states {
                try database.execute(
                    sql: """
                        INSERT INTO sessions (
                            id, application, environment, release_version, phase, opened_at, wake_at, state
                        ) VALUES (?, 'shop', 'production', '2.0', 'warmingUp', ?, 1, ?)
                        """,
                    arguments: [id, openedAt, state]
                )
            }
        }
        try pool.close()
        let again = try SQLiteStore(path: path)
        #expect(try await again.sessions(SessionQuery(cluster: "us", limit: 1)).map(\.id) == ["3"])
        #expect(try await again.sessions(SessionQuery(cluster: "eu", limit: 4)).map(\.id) == ["0", "1", "2", "4"])
        await again.close()
    }
}
