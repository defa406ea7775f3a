package import Analysis
import Foundation
import GRDB
import StoredFormats
import Synchronization

extension SQLiteStore {
    package func receive(_ events: [ReceivedEvent]) async throws(StoreError) -> [InboxOutcome] {
        try await write { database in
            let insert = try database.makeStatement(
                sql: """
                    INSERT INTO inbox (source, event_id, received_at, event, form, door, format, headers, body, plan)
                    SELECT :source, :id, :at, :event, :form, :door, :format, :headers, :body, :plan
                    WHERE NOT EXISTS (SELECT 1 FROM sessions WHERE id = :session)
                    ON CONFLICT (source, event_id) DO NOTHING
                    """
            )
            return try events.map { received in
                let identity = received.event.identity
                let original = received.original
                try insert.execute(arguments: [
                    "source": identity.source, "id": identity.id, "at": received.receivedAt.milliseconds,
                    "event": DeployEventForm.write(received.event), "form": DeployEventForm.newest,
                    "door": original?.door, "format": original?.format,
                    "headers": original.map { try DomainJSON.encode($0.headers) },
                    "body": original?.body.map { Data($0) },
                    "plan": received.plan.map { try PlanForm.write($0) },
                    "session": SessionID.make(for: identity),
                ])
                return database.changesCount == 1 ? .accepted : try repetition(of: received.event, in: database)
            }
        }
    }

    package func originalEvent(_ identity: EventIdentity) async throws(StoreError) -> OriginalEvent? {
        try await read { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT door, format, headers, body FROM inbox
                    WHERE source = ? AND event_id = ? AND door IS NOT NULL
                    """,
                arguments: [identity.source, identity.id]
            )
            guard let row else { return nil }
            return OriginalEvent(
                door: row["door"],
                format: row["format"],
                headers: try DomainJSON.decode([OriginalEvent.Header].self, from: row["headers"]),
                body: (row["body"] as Data?).map { [UInt8]($0) }
            )
        }
    }

    package func knownEvent(_ identity: EventIdentity) async throws(StoreError) -> KnownEvent? {
        try await read { database in
            let row = try Row.fetchOne(
                database,
                sql: "SELECT event, answered_at, outcome FROM inbox WHERE source = ? AND event_id = ?",
                arguments: [identity.source, identity.id]
            )
            guard let row, let event = try? DeployEventForm.read(row["event"] as Data) else { return nil }
            let isAnswered = (row["answered_at"] as Int64?) != nil
            return KnownEvent(event: event, outcome: isAnswered ? (row["outcome"] as String?) ?? "" : nil)
        }
    }

    package func history(of release: ReleaseIdentity) async throws(StoreError) -> ReleaseHistory {
        try await read { database in
            try readHistory(of: release, in: database).get()
        }
    }

    package func unansweredEvents(limit: Int) async throws(StoreError) -> [InboxEvent] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT sequence, event, received_at, plan FROM inbox
                    WHERE answered_at IS NULL AND \(SQLiteInboxTurns.condition)
                    ORDER BY sequence LIMIT ?
                    """,
                arguments: [limit]
            ).compactMap { row in try? InboxEvent(row) }
        }
    }

    /// The single writer of the file is what keeps others from answering at the same time.
    package func answerEvents(
        limit: Int,
        maximumPerSource: Int?,
        _ answer: @escaping @Sendable (InboxEvent, ReleaseRecord) throws(StoreError) -> StoreChange
    ) async throws(StoreError) -> [AnsweredEvent] {
        // Most of the time nothing waits, and then the writer is left alone.
        let isWaiting = try await read { database in
            try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM inbox WHERE answered_at IS NULL)") ?? false
        }
        guard isWaiting else { return [] }
        return try await write { [self] database in
            var answered: [AnsweredEvent] = []
            var places = SourcePlaces(maximum: maximumPerSource)
            var place = inboxPlace.withLock { $0 }
            let rows = try SQLiteInboxTurns.rows(limit, &place, &places, in: database)
            inboxPlace.withLock { $0 = place }
            for row in rows {
                let sequence: Int64 = row["sequence"]
                let event: DeployEvent
                let record: ReleaseRecord
                do throws(FormError) { event = try DeployEventForm.read(row["event"]) } catch {
                    // It must not keep those behind it waiting for ever.
                    try mark(EventObstacle(reading: error), of: sequence, in: database)
                    continue
                }
                switch try releases(of: event.release, in: database) {
                case .success(let known): record = known
                case .failure(let obstacle):
                    try mark(obstacle, of: sequence, in: database)
                    continue
                }
                let waiting = InboxEvent(
                    sequence: sequence,
                    event: event,
                    receivedAt: Timestamp(milliseconds: row["received_at"]),
                    // One that cannot be read any more is read again from the event.
                    plan: (row["plan"] as Data?).flatMap { try? PlanForm.read($0) }
                )
                let change = try answer(waiting, record)
                let source = event.identity.source
                try SQLiteInboxTurns.count(source, &places, in: database)
                guard places.admit(change, of: source) else {
                    try mark("held", 1, of: sequence, in: database)
                    continue
                }
                try apply(change, in: database)
                if let answer = change.answer {
                    try mark(answer.outcome, of: sequence, at: answer.at.milliseconds, in: database)
                    try keep(answer.history, of: event.release, in: database)
                }
                answered.append(AnsweredEvent(event: waiting, change: change))
            }
            return answered
        }
    }

    package func heldEvents(limit: Int) async throws(StoreError) -> [String: Int] {
        try await read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT source, count(*) AS n FROM inbox WHERE answered_at IS NULL AND held = 1
                    GROUP BY source ORDER BY n DESC LIMIT ?
                    """,
                arguments: [limit]
            )
            return Dictionary(rows.map { ($0["source"], $0["n"]) }) { first, _ in first }
        }
    }

    package func waitingEvents() async throws(StoreError) -> Backlog {
        try await read { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT count(*) AS n, min(CASE WHEN held = 0 THEN received_at END) AS oldest FROM inbox
                    WHERE answered_at IS NULL AND set_aside_at IS NULL
                    """
            )
            return Backlog(
                count: row?["n"] ?? 0,
                oldest: (row?["oldest"] as Int64?).map { Timestamp(milliseconds: $0) }
            )
        }
    }
}

extension InboxEvent {
    fileprivate init(_ row: Row) throws {
        self.init(
            sequence: row["sequence"],
            event: try DeployEventForm.read(row["event"]),
            receivedAt: Timestamp(milliseconds: row["received_at"]),
            plan: (row["plan"] as Data?).flatMap { try? PlanForm.read($0) }
        )
    }
}

/// What an event is whose identity is known: the same again, or another one.
private func repetition(of event: DeployEvent, in database: Database) throws -> InboxOutcome {
    let stored = try Data.fetchOne(
        database,
        sql: "SELECT event FROM inbox WHERE source = ? AND event_id = ?",
        arguments: [event.identity.source, event.identity.id]
    )
    if let stored { return InboxOutcome(repeating: event, known: stored) }
    let state = try Data.fetchOne(
        database,
        sql: "SELECT state FROM sessions WHERE id = ?",
        arguments: [SessionID.make(for: event.identity)]
    )
    return InboxOutcome(repeating: event, analysis: state)
}

private func releases(
    of release: ReleaseIdentity,
    in database: Database
) throws -> Result<ReleaseRecord, EventObstacle> {
    let unfinished = try Row.fetchAll(
        database,
        sql: """
            SELECT id, cluster, namespace, state, version, \(WorkableRows.condition) AS workable FROM sessions
            WHERE application = ? AND environment = ? AND phase <> 'finished' ORDER BY opened_at DESC
            """,
        arguments: [release.application, release.environment]
    )
    var record = ReleaseRecord()
    for row in unfinished {
        // A process of version 0.1.0 does not say where; then it may be here.
        let place = ReleasePlace(cluster: row["cluster"], namespace: row["namespace"])
        if row["workable"], let stored = try workable(row, at: SQLiteStore.now, in: database) {
            record.unfinished.append(stored)
        } else if place.mayHold(release) {
            return .failure(.session(row["id"]))
        }
    }
    switch try readHistory(of: release, in: database) {
    case .success(let history): record.history = history
    case .failure(let error): return .failure(EventObstacle(readingTimelineOf: "\(release)", error))
    }
    return .success(record)
}

func readHistory(
    of release: ReleaseIdentity,
    in database: Database
) throws -> Result<ReleaseHistory, FormError> {
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
    return Result { () throws(FormError) in
        ReleaseHistory(
            own: try own.map(ReleaseTimelineForm.read) ?? ReleaseTimeline(),
            shared: try shared.map(SharedTimelineForm.read) ?? SharedTimeline()
        )
    }
}

private func mark(_ obstacle: EventObstacle, of sequence: Int64, in database: Database) throws {
    switch obstacle {
    case .session(let id): try mark("waits_for", id, of: sequence, in: database)
    case .newerEvent(let form): try mark("form", form, of: sequence, in: database)
    case .newerTimeline(let form): try mark("timeline_form", form, of: sequence, in: database)
    case .unreadable(let reason):
        try mark("set_aside_reason", reason, of: sequence, in: database)
        try mark("set_aside_at", SQLiteStore.now.milliseconds, of: sequence, in: database)
    }
}

private func mark(
    _ column: String,
    _ value: some DatabaseValueConvertible,
    of sequence: Int64,
    in database: Database
) throws {
    try database.run(sql: "UPDATE inbox SET \(column) = ? WHERE sequence = ?", arguments: [value, sequence])
}

private func keep(_ history: ReleaseHistory, of release: ReleaseIdentity, in database: Database) throws {
    try database.run(
        sql: """
            INSERT INTO release_timelines (application, environment, cluster, namespace, timeline)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (application, environment, cluster, namespace) DO UPDATE SET timeline = excluded.timeline
            """,
        arguments: [
            release.application, release.environment, release.cluster ?? "", release.namespace ?? "",
            ReleaseTimelineForm.write(history.own),
        ]
    )
    try database.run(
        sql: """
            INSERT INTO releases (application, environment, timeline) VALUES (?, ?, ?)
            ON CONFLICT (application, environment) DO UPDATE SET timeline = excluded.timeline
            """,
        arguments: [release.application, release.environment, SharedTimelineForm.write(history.shared)]
    )
}

private func mark(_ outcome: String, of sequence: Int64, at milliseconds: Int64, in database: Database) throws {
    try database.run(
        sql: "UPDATE inbox SET answered_at = ?, outcome = ? WHERE sequence = ?",
        arguments: [milliseconds, outcome, sequence]
    )
}
