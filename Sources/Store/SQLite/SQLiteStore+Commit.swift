import Analysis
import Foundation
import GRDB
import Judging
import StoredFormats

extension SQLiteStore {
    @discardableResult
    package func commit(_ change: StoreChange) async throws(StoreError) -> [String: Int64] {
        try file.check()
        let request = CommitRequest(change)
        commits.add(request)
        do {
            try await pool.writeWithoutTransaction { [commits] database in
                // An earlier holder of the writer may have written it already.
                if request.outcome == nil { commits.writeAll(in: database) }
            }
        } catch {
            // The writer was not had: the store is closed, or the task cancelled.
            if commits.remove(request) { throw StoreError(sqlite: error) }
        }
        guard let outcome = request.outcome else {
            throw StoreError(.unknown, "the change was being written when its writer was stopped")
        }
        let versions = try outcome.get()
        try checkAfterWriting()
        return versions
    }
}

/// Writes the change in the transaction under way. Returns the new versions of the sessions written.
@discardableResult
func apply(_ change: StoreChange, in database: Database) throws -> [String: Int64] {
    var versions: [String: Int64] = [:]
    if let expectation = change.expectation {
        try expectation.check(try readHistory(of: expectation.release, in: database).get())
    }
    for session in change.opened { try insert(session, in: database) }
    for stored in change.written {
        try overwrite(stored, in: database)
        versions[stored.session.id] = stored.version + 1
    }
    try insert(change.samples, in: database)
    for state in change.states {
        try database.run(
            sql: "INSERT OR REPLACE INTO metric_states (session, metric, state) VALUES (?, ?, ?)",
            arguments: [state.session, state.metric, Data(state.bytes)]
        )
    }
    for stored in change.written where stored.session.phase == .finished {
        try database.run(sql: "DELETE FROM metric_states WHERE session = ?", arguments: [stored.session.id])
    }
    try keep(change.noise, in: database)
    for release in change.releases { try insert(release, in: database) }
    for verdict in change.verdicts {
        try database.run(
            sql: """
                INSERT INTO verdicts (session, id, decided_at, verdict) VALUES (?, ?, ?, ?)
                ON CONFLICT (session, id) DO NOTHING
                """,
            arguments: [
                verdict.session, verdict.id, verdict.decidedAt.milliseconds, change.storedForm(of: verdict),
            ]
        )
    }
    for transition in change.transitions {
        try database.run(
            sql: "INSERT INTO transitions (session, transition) VALUES (?, ?)",
            arguments: [transition.session, TransitionForm.write(transition)]
        )
    }
    try insert(change.messages, in: database)
    return versions
}

private func insert(_ session: AnalysisSession, in database: Database) throws {
    try database.run(
        sql: """
            INSERT INTO sessions (
                id, application, environment, cluster, namespace, release_version, phase, opened_at, wake_at, state,
                form, judge, source, result
            ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
            """,
        arguments: [
            session.id, session.event.application, session.event.environment, session.event.cluster ?? "",
            session.event.namespace ?? "", session.event.version, session.phase.rawValue, session.openedAt.milliseconds,
            session.wakeAt?.milliseconds, SessionForm.write(session), SessionForm.newest, session.plan.judge,
            session.event.identity.source, session.finalVerdict?.result.rawValue,
        ]
    )
}

/// Writes only over the version that was read: a claim or write by another replica in between makes it a conflict.
private func overwrite(_ stored: StoredSession, in database: Database) throws {
    try database.run(
        sql: """
            UPDATE sessions
            SET phase = ?, wake_at = ?, state = ?, form = ?, judge = ?, result = ?, version = version + 1,
                lease_owner = NULL, lease_until = NULL, set_aside_at = NULL, set_aside_reason = NULL
            WHERE id = ? AND version = ?
            """,
        arguments: [
            stored.session.phase.rawValue, stored.session.wakeAt?.milliseconds, SessionForm.write(stored.session),
            SessionForm.newest, stored.session.plan.judge, stored.session.finalVerdict?.result.rawValue,
            stored.session.id, stored.version,
        ]
    )
    guard database.changesCount == 1 else {
        throw StoreError(.conflict, "session \(stored.session.id) has been taken over")
    }
}

private func insert(_ samples: [SampleBlock], in database: Database) throws {
    guard !samples.isEmpty else { return }
    let statement = try database.cachedStatement(
        sql: """
            INSERT OR REPLACE INTO samples (session, metric, side, first_at, step, sample_values)
            VALUES (?, ?, ?, ?, ?, ?)
            """
    )
    for block in samples {
        try statement.execute(arguments: [
            block.session, block.metric, block.side.rawValue, block.first.milliseconds, block.step.milliseconds,
            StoredColumn.encode(block.values),
        ])
    }
}

func insert(_ messages: [OutboxMessage], in database: Database) throws {
    for message in messages {
        try database.run(
            sql: """
                INSERT INTO outbox (sink, shard, id, message_key, payload, created_at, due_at, form, headers, body)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (sink, id) DO NOTHING
                """,
            arguments: [
                message.sink.rawValue, message.shard, message.id, message.key, Data(message.payload),
                message.createdAt.milliseconds, message.createdAt.milliseconds, KnownForms.message,
                message.content.map { try MessageHeaders.write($0.headers) }, message.content.map { Data($0.body) },
            ]
        )
    }
}

extension Database {
    /// Runs a statement that is run for each change, event or message: it is compiled once, and kept.
    func run(sql: String, arguments: StatementArguments) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }
}
