import Analysis
import Foundation
import GRDB
import Store
import Synchronization
import Testing

/// What is asked for every second costs as much as there is to do, however much is kept of what is done: each such
/// statement goes by the index that holds only what is not done.
@Suite struct SQLiteQueryPlanTests {
    /// The rows that a statement asks for, and the ways to them that do not grow with what is kept.
    private static let ways: [(condition: String, tables: [String], ways: [String])] = [
        ("settled_at IS NULL", ["outbox", "message", "earlier"], ["INDEX outbox_pending", "INDEX outbox_order"]),
        (
            "answered_at IS NULL", ["inbox"],
            [
                "INDEX inbox_unanswered", "INDEX inbox_set_aside", "INDEX inbox_ready", "INDEX inbox_of_source (source",
                "INDEX inbox_held",
            ]
        ),
        (
            "phase <> 'finished'", ["sessions"],
            [
                "COVERING INDEX sessions_workable", "COVERING INDEX sessions_leased_workable", "PRIMARY KEY (id=?)",
                "COVERING INDEX sessions_of_source (source",
                "COVERING INDEX sessions_of_source_and_application (source",
                "INDEX sessions_of_release",
            ]
        ),
    ]

    @Test func whatIsDoneIsNotReadToFindWhatIsNot() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = directory.appending(path: "store.db").path
        let statements = try await self.statements(of: path)
        let file = try DatabaseQueue(path: path)
        var found: Set<String> = []
        for statement in statements.sorted() {
            let steps = try await file.read { database -> [String] in
                let plan = try database.makeStatement(sql: "EXPLAIN QUERY PLAN \(statement)")
                plan.setUncheckedArguments(StatementArguments())
                return try Row.fetchAll(plan).map { $0["detail"] as String }
            }
            for (condition, tables, ways) in Self.ways where statement.contains(condition) {
                found.insert(condition)
                let own = steps.filter { step in
                    tables.contains { step.hasPrefix("SEARCH \($0) ") || step.hasPrefix("SCAN \($0) ") }
                }
                #expect(!own.isEmpty, "\(statement)")
                for step in own {
                    #expect(ways.contains { step.contains($0) }, "\(step), for \(statement)")
                }
            }
            if statement.contains("lease_until IS NOT NULL") {
                #expect(steps.contains { $0.contains("sessions_leased_workable (lease_until>?)") }, "\(statement)")
            }
            if statement.contains("sequence > 0") {
                #expect(steps.contains { $0.contains("outbox_of_shard (sink=? AND shard=?") }, "\(statement)")
            }
        }
        #expect(found.count == Self.ways.count)
        try file.close()
    }

    /// What the store runs for an engine, its outbox and its gauges.
    private func statements(of path: String) async throws -> Set<String> {
        let seen = Mutex<Set<String>>([])
        let store = try SQLiteStore(path: path) { sql in seen.withLock { _ = $0.insert(sql) } }
        seen.withLock { $0 = [] }
        let (now, later) = (Fixture.now, Fixture.now + .seconds(60))
        // More than are answered, so that turns are shared out; the second one is held.
        _ = try await store.receive(["1", "2", "3"].map { Fixture.received($0, application: $0) })
        for _ in 0..<4 {
            _ = try await store.answerEvents(limit: 1, maximumPerSource: 1) { event, record in
                var change = Fixture.noted(event, record)
                change.opened = [Fixture.session(event.event.identity.id, application: event.event.application)]
                return change
            }
        }
        // More than are claimed, so that turns are shared out.
        try await store.commit(Fixture.change { $0.opened = ["s", "t", "u"].map { Fixture.session($0) } })
        let claimed = try await store.claimDueSessions(LeaseClaim(owner: "o", now: later, until: later), limit: 1)
        try await store.commit(
            Fixture.change {
                $0.written = claimed
                $0.messages = [Fixture.message("1", key: "k")]
            }
        )
        _ = try await store.nextWake()
        let leases = try await store.claimShards(
            ShardClaim(sink: .verdicts, owner: "o", wanted: OutboxShard.count, now: now, until: later)
        )
        for lease in leases { _ = try await store.dueMessages(of: lease, at: later, limit: 10) }
        _ = try await store.messages(of: .verdicts, after: OutboxCursor(), limit: 10, maximumBytes: .max)
        _ = try await store.end(of: .verdicts)
        _ = try await store.outboxDepths()
        _ = try await store.waitingEvents()
        _ = try await store.setAside()
        _ = try await store.unfinishedSessionCounts()
        await store.close()
        return seen.withLock { seen in seen.filter { $0.contains("SELECT") && !$0.contains("sqlite_master") } }
    }
}
