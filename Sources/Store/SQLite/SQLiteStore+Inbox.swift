import Analysis
import Foundation
import GRDB

extension SQLiteStore {
    package func receive(_ events: [ReceivedEvent]) async throws(StoreError) -> [InboxOutcome] {
        try await write { database in
            let insert = try database.makeStatement(
                sql: """
                    INSERT INTO inbox (source, event_id, received_at, event) VALUES (?, ?, ?, ?)
                    ON CONFLICT (source, event_id) DO NOTHING
                    """
            )
            return try events.map { received in
                let identity = received.event.identity
                try insert.execute(arguments: [
                    identity.source, identity.id, received.receivedAt.milliseconds,
                    DomainJSON.encode(received.event),
                ])
                return database.changesCount == 1 ? .accepted : .duplicate
            }
        }
    }

    /// The single writer of the file is what keeps others from answering at the same time.
    package func answerEvents(
        limit: Int,
        _ answer: @escaping @Sendable (InboxEvent, ReleaseRecord) -> StoreChange
    ) async throws(StoreError) -> [AnsweredEvent] {
        // Most of the time nothing waits, and then the writer is left alone.
        let isWaiting = try await read { database in
            try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM inbox WHERE answered_at IS NULL)") ?? false
        }
        guard isWaiting else { return [] }
        return try await write { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT sequence, event, received_at FROM inbox
                    WHERE answered_at IS NULL ORDER BY sequence LIMIT ?
                    """,
                arguments: [limit]
            )
            var answered: [AnsweredEvent] = []
            for row in rows {
                let sequence: Int64 = row["sequence"]
                let event: DeployEvent
                do { event = try DomainJSON.decode(DeployEvent.self, from: row["event"]) } catch {
                    // It must not keep those behind it waiting for ever.
                    try note("unreadable: \(error)", of: sequence, at: row["received_at"], in: database)
                    continue
                }
                let waiting = InboxEvent(
                    sequence: sequence,
                    event: event,
                    receivedAt: Timestamp(milliseconds: row["received_at"])
                )
                let change = answer(waiting, try record(of: event.release, in: database))
                try apply(change, in: database)
                if let answer = change.answer {
                    try note(answer.outcome, of: sequence, at: answer.at.milliseconds, in: database)
                    try keep(answer.history, of: event.release, in: database)
                }
                answered.append(AnsweredEvent(event: waiting, change: change))
            }
            return answered
        }
    }

    package func waitingEvents() async throws(StoreError) -> Backlog {
        try await read { database in
            let row = try Row.fetchOne(
                database,
                sql: "SELECT count(*) AS n, min(received_at) AS oldest FROM inbox WHERE answered_at IS NULL"
            )
            return Backlog(
                count: row?["n"] ?? 0,
                oldest: (row?["oldest"] as Int64?).map { Timestamp(milliseconds: $0) }
            )
        }
    }
}

private func record(of release: ReleaseIdentity, in database: Database) throws -> ReleaseRecord {
    let own = try Data.fetchOne(
        database,
        sql: """
            SELECT timeline FROM release_timelines
            WHERE application = ? AND environment = ? AND cluster = ? AND namespace = ?
            """,
        arguments: [release.application, release.environment, release.cluster ?? "", release.namespace ?? ""]
    )
    let shared = try Data.fetchOne(
        database,
        sql: "SELECT timeline FROM releases WHERE application = ? AND environment = ?",
        arguments: [release.application, release.environment]
    )
    let unfinished = try Row.fetchAll(
        database,
        sql: """
            SELECT state, version FROM sessions
            WHERE application = ? AND environment = ? AND phase <> 'finished' ORDER BY opened_at DESC
            """,
        arguments: [release.application, release.environment]
    )
    return ReleaseRecord(
        history: ReleaseHistory(
            own: try own.map { try DomainJSON.decode(ReleaseTimeline.self, from: $0) } ?? ReleaseTimeline(),
            shared: try shared.map { try DomainJSON.decode(SharedTimeline.self, from: $0) } ?? SharedTimeline()
        ),
        unfinished: unfinished.compactMap { row in try? StoredSession(row) }
    )
}

private func keep(_ history: ReleaseHistory, of release: ReleaseIdentity, in database: Database) throws {
    try database.execute(
        sql: """
            INSERT INTO release_timelines (application, environment, cluster, namespace, timeline)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (application, environment, cluster, namespace) DO UPDATE SET timeline = excluded.timeline
            """,
        arguments: [
            release.application, release.environment, release.cluster ?? "", release.namespace ?? "",
            DomainJSON.encode(history.own),
        ]
    )
    try database.execute(
        sql: """
            INSERT INTO releases (application, environment, timeline) VALUES (?, ?, ?)
            ON CONFLICT (application, environment) DO UPDATE SET timeline = excluded.timeline
            """,
        arguments: [release.application, release.environment, DomainJSON.encode(history.shared)]
    )
}

private func note(_ outcome: String, of sequence: Int64, at milliseconds: Int64, in database: Database) throws {
    try database.execute(
        sql: "UPDATE inbox SET answered_at = ?, outcome = ? WHERE sequence = ?",
        arguments: [milliseconds, outcome, sequence]
    )
}
